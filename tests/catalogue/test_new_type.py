"""What a new type may declare, and what follows: sentences that agree, a map of départements, empty texts."""

import django_filters
import pytest
from django.http import QueryDict

from fiches import registre
from fiches.filters import DepartementFacet, LieuExactFacet
from fiches.initiatives.filters import InitiativeFilterSet
from fiches.initiatives.models import Initiative
from projets.filters import ProjetFilterSet
from projets.models import Projet
from socle.catalogue.columns import Column
from socle.catalogue.filters import Facet
from socle.catalogue.filterset import SelectionFilterSet
from socle.catalogue.selection import Selection
from socle.francais.typographie import fr
from socle.francais.wording import accorde, nombre
from socle.vues.cellules import Colonne
from socle.vues.situation import Situation
from tests.conftest import TYPES, make_many_projets, read_by
from tests.factories import ProjetFactory, factory_of

pytestmark = pytest.mark.django_db


def select(filterset, query="", type="projet"):
    """A selection of a filter set that no type of the site has."""
    return Selection(read_by(filterset, TYPES[type]), QueryDict(query))


# The sentence


class TermineFilter(django_filters.DateFilter):
    def words(self, value, accorde):
        return f"{accorde('terminé')} avant {value:%Y}"

    def chips(self, name, value):
        return []

    def keys(self, held, name, value):
        return held.publiques


class ProjetTermineFilterSet(ProjetFilterSet):
    termine = TermineFilter()
    etat = Facet(label="état", field_name="slug", adjectifs={"un": "municipal|municipale|municipaux", "deux": "clos"})


class InitiativeTermineeFilterSet(InitiativeFilterSet):
    termine = TermineFilter()


@pytest.mark.parametrize(
    ("filterset", "model", "number", "said"),
    [
        (ProjetTermineFilterSet, Projet, 0, "0 projet terminé avant 2030"),
        (ProjetTermineFilterSet, Projet, 1, "1 projet terminé avant 2030"),
        (ProjetTermineFilterSet, Projet, 2, "2 projets terminés avant 2030"),
        (InitiativeTermineeFilterSet, Initiative, 1, "1 initiative terminée avant 2030"),
        (InitiativeTermineeFilterSet, Initiative, 3, "3 initiatives terminées avant 2030"),
    ],
)
def test_the_sentence_of_a_filter_agrees_with_what_it_counts(filterset, model, number, said):
    factory_of(model).create_batch(number)
    selection = select(filterset, "termine=2030-01-01", registre.for_model(model).cle)
    assert selection.phrase() == said


def test_the_sentence_agrees_with_the_number_it_is_asked_for():
    selection = select(ProjetTermineFilterSet, "termine=2030-01-01")
    assert selection.phrase(1) == "1 projet terminé avant 2030"
    assert selection.phrase(2) == "2 projets terminés avant 2030"
    assert selection.phrase(sujet="Projets") == "Projets terminés avant 2030"


def test_values_of_a_facet_that_are_adjectives_agree_too():
    for slug in ("un", "deux"):
        ProjetFactory(slug=slug)
    assert select(ProjetTermineFilterSet, "etat=un").phrase() == "1 projet, municipal"
    assert select(ProjetTermineFilterSet, "etat=un&etat=deux").phrase() == "2 projets, municipaux ou clos"


@pytest.mark.parametrize(
    ("adjectif", "forms"),
    [
        ("terminé", ["terminé", "terminée", "terminés", "terminées"]),
        ("utile", ["utile", "utile", "utiles", "utiles"]),
        ("clos", ["clos", "close", "clos", "closes"]),
        ("actif|active", ["actif", "active", "actifs", "actives"]),
        ("municipal|municipale|municipaux", ["municipal", "municipale", "municipaux", "municipales"]),
    ],
)
def test_an_adjective_agrees(adjectif, forms):
    assert [accorde(adjectif, number, feminin) for number in (1, 2) for feminin in (False, True)] == forms


# A map of départements


class DepartementsFilterSet(SelectionFilterSet):
    departement = DepartementFacet()
    lieu = LieuExactFacet("departement")

    class Meta:
        model = Projet
        fields = []


def test_records_that_have_a_departement_alone_have_a_map(places):
    make_many_projets([{"departement_id": "22"}, {"departement_id": "22"}, {"departement_id": "29"}, {}])
    situation = Situation(select(DepartementsFilterSet))
    assert [(fr(line.nom), line.compte) for line in situation.departements] == [
        ("Côtes-d’Armor", 2),
        ("Finistère", 1),
        ("Sans département", 1),
    ]
    assert (len(situation.located), len(situation.nowhere), situation.precision("departement")) == (3, 1, 3)


# An empty text


class AdresseFilterSet(SelectionFilterSet):
    source = Facet(label="source", field_name="montant_source")

    class Meta:
        model = Projet
        fields = []


def test_an_empty_text_is_no_value_of_a_facet():
    for text in ("6736 €", ""):
        ProjetFactory(montant_source=text)
    selection = select(AdresseFilterSet)
    assert selection.counts("source") == {"6736 €": 1}


def test_an_empty_text_is_no_value_of_a_file():
    assert Column("titre").of(Projet).values({"titre": ["Portail", ""]}) == ["Portail", None]


@pytest.mark.parametrize("null", [True, False])
def test_a_record_lacks_a_text_that_is_empty_be_it_null_or_not(monkeypatch, null):
    monkeypatch.setattr(Projet._meta.get_field("montant_source"), "null", null)
    empty = ProjetFactory(montant_source="")
    ProjetFactory(montant_source="6736 €")
    assert list(Projet.objects.filter(registre.lacks(Projet, "montant_source"))) == [empty]


# Numbers


@pytest.mark.parametrize(
    ("value", "said"), [(14.0, "14"), ("14.50", "14,5"), (14, "14"), ("100", "100"), (0.0, "0"), (-0.25, "-0,25")]
)
def test_a_number_has_no_zeros_that_say_nothing(value, said):
    assert nombre(value) == said
    assert nombre(value, "h") == f"{said}\N{NO-BREAK SPACE}h"


def test_a_page_shows_a_number_without_a_needless_decimal():
    column = Colonne("duree_h", "durée (h)", Column("duree_h", ("duree_h",), str, numeric=True))
    assert column.words({"duree_h": [14.0, 1.5]}) == ["14", "1,5"]
