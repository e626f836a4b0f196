"""Keeping the directory and the index true: what many records that are indexed again cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fiches.choice_lists import Choix
from fiches.indexation import index_fiches
from socle.recherche.models import Indexe
from socle.territoires.models import Commune, Departement, Intercommunalite
from tests.conftest import some_types
from tests.factories import ThemeFactory, factory_of
from tests.sampling import POSTGRES, size

pytestmark = pytest.mark.django_db

PLACES = {Commune: "56260", Intercommunalite: "200067932", Departement: "56"}


@pytest.mark.long
@pytest.mark.usefixtures("places")
@some_types
def test_records_are_indexed_at_one_cost_whatever_their_number(declaration):
    """Each with all its choices and places filled."""
    opts, make = declaration.model._meta, factory_of(declaration.model)
    fiches = make.create_batch(size(20, one_in=4), titre="Une fiche")
    links = [field for field in opts.many_to_many if field.name != "themes"]
    for fiche in fiches:
        for field in opts.concrete_fields:
            if field.related_model is Choix:
                setattr(fiche, field.name, _choix(field))
            elif field.related_model in PLACES:
                setattr(fiche, field.attname, PLACES[field.related_model])
        fiche.themes.set([ThemeFactory()])
        for field in links:
            getattr(fiche, field.name).set([_choix(field)])
        fiche.save()
    before = list(Indexe.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        index_fiches(declaration.model.objects.published())
    # The records with what they choose one of, their themes and other several-choice fields, the index twice; the lock.
    assert len(queries) <= 4 + len(links) + POSTGRES
    assert list(Indexe.objects.order_by("pk").values()) == before


def _choix(field):
    liste = field.remote_field.limit_choices_to["liste"]
    return Choix.objects.get_or_create(liste=liste, slug="une-valeur", defaults={"nom": "Une valeur"})[0]
