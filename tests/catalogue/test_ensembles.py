"""The sets of the lists say what counting in SQL would, whatever was done to the records."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from fiches import indexation
from fiches.lists import Theme
from projets.filters import ProjetFilterSet
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.catalogue import blocs, ensembles
from socle.catalogue.filters import Facet
from socle.catalogue.models import Bloc, ValeursDeFiche
from socle.catalogue.selection import Selection
from socle.territoires.models import Departement
from tests.conftest import COMMUNES
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import size
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db
THEMES = ("Cantine", "Cimetière", "Portail famille")
AMOUNTS = st.sampled_from([None, 0, 1, 2500, 19_999, 88_093])


def check():
    """Every list of the site: its sets, and what a selection counts of them, are what SQL says."""
    for filterset in ensembles.every():
        public = filterset.public().order_by()
        held = ensembles.Ensembles(filterset)
        assert set(held.publiques) == set(public.values_list("pk", flat=True)), filterset
        assert list(blocs.every_difference(filterset)) == []
        selection = Selection(filterset, QueryDict())
        for name, facet in filterset.base_filters.items():
            if isinstance(facet, Facet) and (facet.kept or name == "taille"):
                values = public.annotate(v=Cast(facet.expression, CharField())).values_list("v", flat=True)
                right = Counter(value for value in values if value is not None)
                assert {v: n for v, n in selection.counts(name).items() if n} == right, (filterset, name)


def move(draw, projets, themes):
    """One change, as the site makes it."""
    kinds = ["new"] + ["edit", "state", "themes", "bin", "back", "delete", "rename", "forget"] * bool(projets)
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
    elif kind == "themes":
        projet.themes.set(draw(st.sets(st.sampled_from(themes))))
    elif kind in ("bin", "back"):
        projet.statut = Statut.CORBEILLE if kind == "bin" else Statut.PUBLIEE
        projet.save()
    else:
        projet.delete()
        projets.remove(projet)


@settings(max_examples=size(40, one_in=4))
@given(st.data())
def test_they_are_what_sql_counts_after_any_changes_some_of_them_taken_back(places, data):
    with transaction.atomic():
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


def test_a_renamed_departement_and_an_index_made_anew_change_nothing_but_names(places):
    ProjetFactory(departement_id="22", themes=[])
    selection = Selection(ensembles.lists(Projet)[0], QueryDict())
    assert [option.texte for option in selection.options("departement")] == ["Côtes-d’Armor (22)"]
    departement = Departement.objects.get(pk="22")
    departement.nom = "Côtes-du-Nord"
    departement.save()
    selection = Selection(ensembles.lists(Projet)[0], QueryDict())
    assert [option.texte for option in selection.options("departement")] == ["Côtes-du-Nord (22)"]
    check()


def test_few_records_of_many_values_are_counted_one_by_one_to_the_same_numbers(places, monkeypatch):
    themes = ThemeFactory.create_batch(3)
    for rank, commune in enumerate(sorted(COMMUNES)):
        ProjetFactory(commune_id=commune, themes=themes[: rank % 3])
    ProjetFactory(statut=Statut.BROUILLON)
    ProjetFactory()  # without a place
    list_of = ensembles.Ensembles(ProjetFilterSet)
    some = [BitMap(), list_of.publiques[:1], list_of.publiques[-2:]]
    names = [name for name, facet in ProjetFilterSet.base_filters.items() if isinstance(facet, Facet)]
    by_sets = [list_of.comptes(name, records) for name in names for records in some]
    monkeypatch.setattr(ensembles, "MANY", 0)
    assert list_of._of_records("lieu")
    assert not list_of._of_records("theme")  # of which a record holds several
    assert [list_of.comptes(name, records) for name in names for records in some] == by_sets
    assert sum(map(len, by_sets)) > 8


def test_a_name_that_changed_is_said_anew_and_that_of_a_new_value_is_found(places):
    ProjetFactory(departement_id="22")
    assert Selection(ProjetFilterSet, QueryDict()).facets["departement"].names == {"22": "Côtes-d’Armor"}
    ProjetFactory(departement_id="29")
    assert Selection(ProjetFilterSet, QueryDict()).facets["departement"].names.keys() == {"22", "29"}
    Departement.objects.filter(pk="22").update(nom="Armor")
    assert Selection(ProjetFilterSet, QueryDict()).facets["departement"].names["22"] == "Armor"


def test_what_was_lost_or_is_too_much_is_found_and_mended(places):
    lost, kept = ProjetFactory(departement_id="22", themes=[]), ProjetFactory(departement_id="29", themes=[])
    Bloc.objects.filter(facette="departement", valeur="22").delete()
    Bloc.objects.filter(facette="departement", valeur="29").update(valeur="35")
    (liste,) = ensembles.lists(Projet)
    assert list(blocs.every_difference(liste)) == [lost.pk, kept.pk]
    Bloc.objects.create(liste=liste.liste, facette="ancienne", valeur="x", rang=0, bits=b"")
    for each in ensembles.every():
        blocs.build(each)
    check()
    assert not Bloc.objects.filter(facette="ancienne").exists()


def test_a_save_reads_the_sets_alone_in_which_something_changes(places):
    other, projet = ProjetFactory(departement_id="29", themes=[]), ProjetFactory(departement_id="22", themes=[])
    with CaptureQueriesContext(connection) as text_alone:
        projet.change({"suivi": "Relu à la mairie."}, reason="relecture")
    assert not [query for query in text_alone if '"catalogue_bloc"' in query["sql"]]
    with CaptureQueriesContext(connection) as moved:
        projet.change({"departement": Departement.objects.get(pk="35")}, reason="autre lieu")
    reads = [query["sql"] for query in moved if 'FROM "catalogue_bloc"' in query["sql"]]
    assert len(reads) == len(ensembles.lists(Projet)) + len(ensembles.lists(Entree))
    assert not [sql for sql in reads if "'29'" in sql]
    check()
    assert set(ensembles.Ensembles(ProjetFilterSet).valeurs("departement")["29"]) == {other.pk}


def test_what_the_sets_were_told_is_found_and_mended_if_it_was_lost(places):
    lost, _ = ProjetFactory(departement_id="22", themes=[]), ProjetFactory(departement_id="29", themes=[])
    (liste,) = ensembles.lists(Projet)
    ValeursDeFiche.objects.filter(liste=liste.liste, fiche=lost.pk).delete()
    assert list(blocs.every_difference(liste)) == [lost.pk]
    blocs.build(liste)
    check()


def test_a_site_of_before_or_of_other_facets_has_its_sets_after_migrate(places):
    ProjetFactory(departement_id="22", themes=[])
    (liste,) = ensembles.lists(Projet)
    Bloc.objects.all().delete()
    indexation.build_missing()
    check()
    assert blocs.is_built(liste)
    Bloc.objects.filter(valeur__startswith=blocs.FORME).update(valeur="forme autre")
    Bloc.objects.filter(facette="tranche").delete()
    assert not blocs.is_built(liste)
    indexation.build_missing()
    check()
    assert blocs.is_built(liste)


def test_records_of_two_blocks_are_one_list(places):
    low = ProjetFactory(departement_id="22", themes=[])
    Entree.objects.create(pk=3 * blocs.BLOCK, type="projet", slug="loin", titre="Loin", statut=Statut.RETIREE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('annuaire_entree', 'id'), %s)", [3 * blocs.BLOCK])
    high = ProjetFactory(departement_id="22", themes=[])
    assert high.pk // blocs.BLOCK == 3
    selection = Selection(ensembles.lists(Projet)[0], QueryDict("departement=22"))
    assert set(selection.records) == {low.pk, high.pk}
    check()


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
    assert set(Selection(ensembles.lists(Projet)[0], QueryDict("departement=29")).records) == {
        one.pk for one in projets
    }


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
