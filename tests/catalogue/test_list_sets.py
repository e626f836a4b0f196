"""The sets of the lists say what counting in SQL would, whatever was done to the records."""

import random
from collections import Counter
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from fiches import indexation
from fiches.choice_lists import Theme
from projets.filters import ProjetFilterSet
from projets.models import Projet, _versions, replacements
from socle.annuaire.models import Statut
from socle.catalogue import list_sets, orders, sets
from socle.catalogue.filters import Facet
from socle.catalogue.orders import ids
from socle.catalogue.selection import Selection
from socle.journal.cache import forget
from socle.territoires.models import Departement
from tests.conftest import COMMUNES, TYPES, make_many_projets, taken_back
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long, size
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db
THEMES = ("Cantine", "Cimetière", "Portail famille")
AMOUNTS = st.sampled_from([None, 0, 1, 2500, 19_999, 88_093])


def assert_same(held: sets.Sets, read: sets.Sets):
    """What was brought up to date, step by step, is what a process reads that has just begun."""
    assert held.publiques == read.publiques
    assert held.valeurs == read.valeurs
    for name, each in held.par_fiche.items():
        right = {pk: value for value, records in read.valeurs[name].items() for pk in records}
        assert {pk: value for pk, value in enumerate(each) if value} == right, name


def check():
    """Every list of the site: its sets, and what a selection counts of them, are what SQL says."""
    assert replacements() == _versions().later
    for declaration in list_sets.every():
        filterset = declaration.liste.filterset_class
        public = filterset.public().order_by()
        held = list_sets.ListSets(declaration)
        assert set(held.publiques) == set(public.values_list("pk", flat=True)), filterset
        assert_same(held.sets, sets.read(filterset))
        selection = Selection(declaration, QueryDict())
        assert list(selection.keys()) == list(orders.ids(selection._sorted(filterset.public())))
        for name, facet in filterset.base_filters.items():
            if isinstance(facet, Facet) and (facet.kept or name == "taille"):
                values = public.annotate(v=Cast(facet.expression, CharField())).values_list("v", flat=True)
                right = Counter(value for value in values if value)
                assert {v: n for v, n in selection.counts(name).items() if n} == right, (filterset, name)


def move(draw, projets, themes):
    """One change, as the site makes it."""
    kinds = ["new"] + [
        "edit",
        "state",
        "replace",
        "replace",
        "themes",
        "bin",
        "back",
        "delete",
        "rename",
        "forget",
    ] * bool(projets)
    kind = draw(st.sampled_from(kinds))
    if kind == "new":
        commune = draw(st.sampled_from(sorted(COMMUNES)))
        projets.append(ProjetFactory(commune_id=commune, montant_eur=draw(AMOUNTS), themes=themes[:1]))
        return
    if kind == "rename":
        Theme.objects.filter(pk=themes[0].pk).update(mots_cles="autre")
        themes[0].save()
        return
    if kind == "forget":
        Theme.objects.filter(pk=themes[-1].pk).delete()
        themes[-1] = ThemeFactory(nom=themes[-1].nom)
        return
    projet = projets[draw(st.integers(0, len(projets) - 1))]
    projet.refresh_from_db()
    if kind == "edit":
        projet.montant_eur = draw(AMOUNTS)
        projet.departement_id = draw(st.sampled_from(["22", "29", "35", "56"]))
        projet.commune = projet.intercommunalite = None
        projet.save()
    elif kind == "state":
        projet.statut = draw(st.sampled_from([Statut.PUBLIEE, Statut.BROUILLON, Statut.RETIREE]))
        projet.save()
    elif kind == "replace":
        projet.remplace = draw(st.sampled_from([None, *(one for one in projets if one != projet)]))
        projet.save()
    elif kind == "themes":
        projet.themes.set(draw(st.sets(st.sampled_from(themes))))
    elif kind in ("bin", "back"):
        projet.statut = Statut.CORBEILLE if kind == "bin" else Statut.PUBLIEE
        projet.save()
    else:
        projet.delete()
        projets.remove(projet)


@settings(max_examples=size(40, one_in=8))
@given(st.data())
def test_they_are_what_sql_counts_after_any_changes_some_of_them_taken_back(places, data):
    with taken_back(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "MANY", data.draw(st.sampled_from([0, 500])))  # values that sets of both kinds follow
        forget()
        projets, themes = [], [ThemeFactory(nom=nom) for nom in THEMES]
        for _ in range(data.draw(st.integers(1, 6))):
            if data.draw(st.integers(0, 3)):
                move(data.draw, projets, themes)
                continue
            check()
            with transaction.atomic():  # what is rolled back, others included, leaves nothing
                move(data.draw, list(Projet.objects.filter(pk__in=[one.pk for one in projets])), list(themes))
                check()
                transaction.set_rollback(True)
            check()
        check()
        transaction.set_rollback(True)


def test_few_records_of_many_values_are_counted_one_by_one_to_the_same_numbers(places, monkeypatch):
    themes = ThemeFactory.create_batch(3)
    for rank, commune in enumerate(sorted(COMMUNES)):
        ProjetFactory(commune_id=commune, themes=themes[: rank % 3])
    ProjetFactory(statut=Statut.BROUILLON)
    ProjetFactory()  # without a place
    list_of = list_sets.ListSets(TYPES["projet"])
    some = [BitMap(), list_of.publiques[:1], list_of.publiques[-2:]]
    names = [name for name, facet in ProjetFilterSet.base_filters.items() if isinstance(facet, Facet)]
    by_sets = [list_of.counts(name, records) for name in names for records in some]
    monkeypatch.setattr(sets, "MANY", 0)
    forget()
    list_of = list_sets.ListSets(TYPES["projet"])
    assert "lieu" in list_of.sets.par_fiche
    assert "theme" not in list_of.sets.par_fiche  # of which a record holds several
    assert [list_of.counts(name, records) for name in names for records in some] == by_sets
    assert sum(map(len, by_sets)) > 8


def test_the_value_of_each_record_follows_one_that_moves_comes_or_leaves(places, monkeypatch):
    monkeypatch.setattr(sets, "MANY", 0)
    forget()
    moving, leaving = ProjetFactory(departement_id="22"), ProjetFactory(departement_id="22")
    before = list_sets.ListSets(TYPES["projet"]).sets
    moving.departement_id = "29"
    moving.save()
    check()
    leaving.delete()
    ProjetFactory(departement_id="35")
    check()
    assert before.par_fiche["departement"][moving.pk] == "22"  # what another request holds


def test_a_name_that_changed_is_said_anew_and_that_of_a_new_value_is_found(places):
    ProjetFactory(departement_id="22")
    assert Selection(TYPES["projet"], QueryDict()).facets["departement"].names == {"22": "Côtes-d’Armor"}
    ProjetFactory(departement_id="29")
    assert Selection(TYPES["projet"], QueryDict()).facets["departement"].names.keys() == {"22", "29"}
    Departement(pk="22", nom="Armor", region_id="53").save()
    assert Selection(TYPES["projet"], QueryDict()).facets["departement"].names["22"] == "Armor"


def test_of_a_renamed_theme_the_name_alone_is_read_again(places):
    theme = ThemeFactory(nom="Cantine")
    ProjetFactory(departement_id="22", themes=[theme])
    assert [one.texte for one in Selection(TYPES["projet"], QueryDict()).options("theme")] == ["Cantine"]
    before = list_sets.ListSets(TYPES["projet"]).sets
    theme.nom = "Restauration"
    theme.save()
    assert [one.texte for one in Selection(TYPES["projet"], QueryDict()).options("theme")] == ["Restauration"]
    assert list_sets.ListSets(TYPES["projet"]).sets is before
    theme.slug = "repas"
    theme.save()
    assert list_sets.ListSets(TYPES["projet"]).valeurs("theme").keys() == {"repas"}
    check()


def test_a_process_that_follows_reads_the_records_that_changed_alone(places):
    other, projet = ProjetFactory(departement_id="29", themes=[]), ProjetFactory(departement_id="22", themes=[])
    before = list_sets.ListSets(TYPES["projet"]).sets
    projet.change({"departement": Departement.objects.get(pk="35")}, reason="autre lieu")
    with CaptureQueriesContext(connection) as captured:
        after = list_sets.ListSets(TYPES["projet"]).sets
    asked = [query["sql"] for query in captured]
    assert len(asked) == 4  # the log, who changed, their values, their themes
    assert all(f"{projet.pk}" in sql and f"{other.pk})" not in sql for sql in asked[2:])
    assert before.valeurs["departement"].keys() == {"22", "29"}
    assert after.valeurs["departement"].keys() == {"35", "29"}
    assert after.valeurs["tranche"] is before.valeurs["tranche"]
    check()


def test_what_somebody_wrote_past_the_models_is_read_once_reindexer_said_so(places):
    projet = ProjetFactory(departement_id="22", themes=[])
    check()
    Projet.objects.filter(pk=projet.pk).update(departement="29")
    assert list_sets.ListSets(TYPES["projet"]).valeurs("departement").keys() == {"22"}
    call_command("reindexer", verbosity=0)
    check()


def test_a_place_that_is_of_another_region_counts_there(places):
    ProjetFactory(departement_id="22", themes=[])
    check()
    Departement(pk="22", nom="Côtes-d’Armor", region_id="52").save()
    check()
    assert list_sets.ListSets(TYPES["projet"]).valeurs("region").keys() == {"52"}


@pytest.mark.long
@mostly_long("tri", ["collectivite", "montant-decroissant", "montant-croissant", "recent"], one_in=3)
def test_a_long_order_is_brought_up_to_date_record_by_record(places, monkeypatch, tri):
    monkeypatch.setattr(orders, "SHORT", 20)
    monkeypatch.setattr(orders, "MARKS", 7)
    mine = random.Random(tri)
    amount = partial(mine.choice, [None, 0, 100, 2500, 2500, 9000, 88_000])
    projets = make_many_projets({"montant_eur": amount(), "collectivite": f"Commune {n % 40}"} for n in range(90))
    whole = []
    monkeypatch.setattr(orders, "ids", lambda rows, ids=orders.ids: whole.append(rows) or ids(rows))

    def order():
        selection = Selection(TYPES["projet"], QueryDict(f"tri={tri}"))
        return list(selection.keys()), list(ids(selection._sorted(ProjetFilterSet.public())))

    held, right = order()
    assert held == right
    for turn in range(12):
        with indexation.together():
            for projet in mine.sample(projets, 1 + turn % 4):
                projet.refresh_from_db()
                projet.montant_eur, projet.collectivite = amount(), f"Commune {mine.randrange(50)}"
                projet.statut = Statut.BROUILLON if mine.random() < 0.3 else Statut.PUBLIEE
                projet.save()
            if turn % 3 == 0:
                ProjetFactory(montant_eur=amount(), titre=f"Nouvelle {turn}")
        held, right = order()
        assert held == right, turn
    assert all("IN" in str(rows.query) for rows in whole)  # never all of them
    with indexation.together():
        for projet in projets[: orders.FEW + 1]:
            projet.save()
    held, right = order()
    assert held == right


def test_an_order_whose_records_moved_meanwhile_is_read_again(places, monkeypatch):
    monkeypatch.setattr(orders, "SHORT", 5)
    projets = make_many_projets({"collectivite": f"Commune {n:02}"} for n in range(30))
    rows = ProjetFilterSet.public().order_by("collectivite", "pk")
    order = ids(rows)
    Projet.objects.filter(pk=projets[3].pk).update(collectivite="Commune 29 bis")
    Projet.objects.filter(pk=projets[9].pk).update(collectivite="Commune 03 bis")
    assert orders.brought(order, [projets[9].pk], rows, rows) == ids(rows)


@pytest.mark.django_db(transaction=True)
@THREADS
def test_editors_who_save_at_once_lose_nothing_of_each_other(places):
    theme = ThemeFactory(nom="Cantine")
    projets = [ProjetFactory(departement_id="22", themes=[theme]) for _ in range(4)]

    def edit(projet):
        for turn in range(8):
            projet.departement_id = ["22", "29", "35"][turn % 3]
            projet.montant_eur = 1000 * turn
            projet.statut = Statut.PUBLIEE if turn % 4 else Statut.BROUILLON
            projet.save()

    together(*[partial(edit, projet) for projet in projets])
    check()
    assert set(Selection(TYPES["projet"], QueryDict("departement=29")).records) == {one.pk for one in projets}


@pytest.mark.django_db(transaction=True)
@THREADS
def test_a_batch_and_single_saves_never_wait_for_each_other_in_a_circle(places):
    """Two near titles, so that pairs of possible doubles are written too."""
    projets = [ProjetFactory(titre=f"Portail famille de Dinan {n}", departement_id="22", themes=[]) for n in (1, 2)]

    def batch(turn):
        with indexation.together():
            for projet in Projet.objects.order_by("pk"):
                projet.montant_eur = 1000 + turn
                projet.save()

    def single(turn):
        projet = Projet.objects.get(pk=projets[turn % 2].pk)
        projet.titre = f"Portail famille de Dinan {turn}"
        projet.save()

    def work(save):
        for turn in range(12):
            save(turn)

    together(*[partial(work, save) for save in (batch, single, single)])
    check()
