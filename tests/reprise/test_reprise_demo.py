"""A takeover into a site of demo data: it removes them, except what somebody edited."""

import io

import pytest
from django.core.management import call_command

from fiches import registre
from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise.models import Ecartee
from socle.annuaire.models import Entree
from socle.catalogue import list_sets
from socle.recherche.models import Indexe
from tests.reprise.extrait import part
from tests.reprise.test_reprise_commande import TYPES

# Demo data take three seconds, and a site takes a wiki over once.
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def _demo(_france):
    call_command("charger_demo", stdout=io.StringIO())


@pytest.fixture
def demo(_demo, db):
    """The site has places, themes and demo data."""


# Removed data


def test_demo_sheets_give_way_to_real_ones_unless_somebody_edited_them(take_over):
    types, others = ("initiative", "evenement", "inscription"), Projet.objects.count()
    taken = [declaration for declaration in registre.types() if declaration.demo and declaration.cle in types]
    kept = taken[0].model.objects.order_by("pk").last()
    kept.titre = "Un essai que je garde"
    kept.save()
    take_over(part(types=types))
    assert type(kept).objects.filter(pk=kept.pk).exists()
    for declaration in taken:
        kept_here = declaration is taken[0]
        assert declaration.model.objects.count() == TYPES[declaration.cle] + kept_here, declaration.cle
    assert Projet.objects.count() == others, "the dump holds none"
    assert Entree.objects.count() == sum(declaration.model.objects.count() for declaration in registre.types())
    assert Indexe.objects.count() == Entree.objects.published().count()
    for one in list_sets.every():
        public = one.liste.filterset_class.public().values_list("pk", flat=True)
        assert set(list_sets.ListSets(one).publiques) == set(public), one.cle
    assert not Ecartee.objects.exists()


def test_what_somebody_did_on_demo_records_survives_the_takeover(take_over):
    edited, *_ = Inscription.objects.order_by("pk")
    evenement = edited.evenement
    edited.commentaire = "Vient avec deux personnes"
    edited.save()
    mine = evenement.inscriptions.create(prenom="Malo", nom="Riou")
    sheet = Exploration.objects.first()
    sheet.expertises = "Autre chose"
    sheet.save()
    take_over(part(types=("evenement", "inscription", "exploration")))
    assert Inscription.objects.filter(pk__in=[edited.pk, mine.pk], evenement=evenement).count() == 2
    assert Inscription.objects.count() == 9 + 2
    assert Exploration.objects.filter(pk=sheet.pk).exists()
    assert Evenement.objects.filter(entree__exemple=True).count() == 1
