"""Versions hold every field of several choices: what was chosen is told, taken back, and lost by nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fiches.revisions import HISTORIQUE
from fiches.suivi import corbeille, historique, imports
from fiches.suivi.comparaison import ADDED, REMOVED, SAME, differences, several, state
from fiches.suivi.fusion import DEUX, merge, undo
from fiches.suivi.models import Fusion
from tests.conftest import TYPES, PageLue
from tests.factories import factory_of
from tests.projets.formulaire import posted
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db
CHOIX = [
    (declaration.cle, field.name)
    for declaration in TYPES.values()
    for field in several(declaration.model)
    if field.name != "themes" or declaration.cle == "projet"
]
each_choice = mostly_long("cle, champ", CHOIX, one_in=2)
A, B, C = "Ateliers, visites", "Bons d’achat", "Cantine"


def rows(fiche, champ, *noms):
    field = fiche._meta.get_field(champ)
    make = field.related_model._default_manager.get_or_create
    return [make(nom=nom, **field.get_limit_choices_to())[0] for nom in noms]


def made(cle, champ, *noms, **more):
    """A record of which this is version 2."""
    fiche = factory_of(TYPES[cle].model)(titre="Une fiche", **more)
    return fresh(fiche.change({champ: rows(fiche, champ, *noms)}))


def fresh(fiche):
    return type(fiche).objects.get(pk=fiche.pk)


def chosen(fiche, champ):
    return sorted(row.nom for row in getattr(fresh(fiche), champ).all())


def said(before, after):
    """{field: what was taken out, kept and put in} between two versions of a record."""
    found = differences(several(getattr(before, "instance_type", type(before))), state(before), state(after))
    return {one.name: [(piece.kind, piece.text) for piece in one.pieces if piece.text != ", "] for one in found}


def version(fiche, number):
    return fiche.history.get(version=number)


def page_of(name, fiche, *args):
    return reverse(f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}_{name}", args=[fiche.pk, *args])


def keys(fiche, champ, *noms):
    return [str(row.pk) for row in rows(fiche, champ, *noms)]


@each_choice
def test_an_edit_is_told_choice_by_choice_and_taken_back(client, anne, cle, champ):
    fiche = made(cle, champ, A, B)
    response = client.post(page_of("change", fiche), posted(client, fiche, **{champ: keys(fiche, champ, B, C)}))
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert said(version(fiche, 2), version(fiche, 3)) == {champ: [(REMOVED, A), (SAME, B), (ADDED, C)]}
    label = fiche._meta.get_field(champ).verbose_name
    assert client.get(page_of("history", fiche)).context["lignes"][0]["changements"] == [label]
    old = version(fiche, 2).pk
    compared = PageLue(client.get(page_of("comparaison", fiche), {"de": old, "a": version(fiche, 3).pk})).text
    assert "1 choix retiré, 1 choix ajouté" in compared
    assert client.post(page_of("simple_history", fiche, old), {"version_lue": 3}).status_code == 302
    assert chosen(fiche, champ) == [A, B]
    assert said(version(fiche, 2), version(fiche, 4)) == {}


@each_choice
def test_a_choice_that_is_no_more_is_told_and_not_taken_back(cle, champ):
    fiche = made(cle, champ, A, B)
    fiche.change({champ: rows(fiche, champ, B)})
    rows(fiche, champ, A)[0].delete()
    [one] = differences(several(type(fiche)), state(version(fiche, 2)), state(version(fiche, 3)))
    assert one.summary == "1 choix retiré"
    from_version = historique.restore(type(fiche), version(fiche, 2), seen=3)
    assert chosen(from_version, champ) == [B]


@pytest.mark.long
@each_choice
def test_a_second_editor_is_told_what_the_first_one_chose(client, anne, cle, champ):
    fiche = made(cle, champ, A)
    his = posted(client, fiche, titre="Un autre titre")
    fiche.change({champ: rows(fiche, champ, A, B)})
    form = client.post(page_of("change", fiche), his).context["adminform"].form
    assert [(one.maintenant, one.repris) for one in form.concurrence.ecarts] == [(f"{A}, {B}", True)]
    assert sorted(form[champ].value()) == sorted(keys(fiche, champ, A, B))


@pytest.mark.long
@each_choice
def test_a_merge_tells_what_it_chose_and_is_taken_back(cle, champ):
    kept, lost = made(cle, champ, A), made(cle, champ, B)
    merge(kept, lost, {champ: DEUX})
    assert said(version(kept, 2), version(kept, 3)) == {champ: [(SAME, A), (ADDED, B)]}
    assert undo(Fusion.objects.get())[1]
    assert (chosen(kept, champ), chosen(lost, champ)) == ([A], [B])
    numbers = list(kept.history.order_by("pk").values_list("version", flat=True))
    assert numbers == [1, 2, 3, 4]


@pytest.mark.long
@each_choice
def test_the_bin_keeps_them_and_erases_them_with_their_record(cle, champ):
    fiche, other = made(cle, champ, A, B), made(cle, champ, C)
    fiche = corbeille.take_back(corbeille.throw_away(fiche))
    assert chosen(fiche, champ) == [A, B]
    assert said(version(fiche, 2), version(fiche, 4)) == {}
    corbeille.erase(corbeille.throw_away(fiche).entree)
    held = HISTORIQUE.m2m_models[fiche._meta.get_field(champ)].objects
    assert set(held.values_list(f"{fiche._meta.model_name}_id", flat=True)) == {other.pk}


@each_choice
def test_an_import_that_is_undone_gives_them_back(anne, cle, champ):
    fiche = made(cle, champ, A, B)
    fiche.change({champ: rows(fiche, champ, C)}, reason=imports.reason(7, "CSV"))
    [told] = imports.told(type(fiche), imports.made_by(type(fiche), 7), with_bin=True)
    assert [(one.name, one.summary) for one in told.differences] == [(champ, "2 choix retirés, 1 choix ajouté")]
    imports.undo(type(fiche), 7, user=anne)
    assert chosen(fiche, champ) == [A, B]


@pytest.mark.long
@mostly_long("cle", sorted({cle for cle, _ in CHOIX}), one_in=3)
def test_a_history_costs_one_query_for_each_field_whatever_its_length(cle):
    fiche = factory_of(TYPES[cle].model)()
    for size in (2, 9):
        for number in range(size):
            fiche.change({"titre": f"Titre {size} {number}"})
        with CaptureQueriesContext(connection) as captured:
            for one in historique.revisions(type(fiche), fiche.pk):
                state(one)
        assert len(captured) == 1 + len(several(type(fiche)))
