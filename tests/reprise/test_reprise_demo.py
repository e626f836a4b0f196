"""A takeover into a site of demo data: they give way, but for what somebody edited."""

import io

import pytest
from django.core.management import call_command

from fiches import registre
from fiches.initiatives.models import Initiative
from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from projets.models import Projet
from reprise.models import Ecartee
from socle.annuaire.models import Entree
from socle.catalogue import list_sets
from socle.recherche.models import Indexe
from socle.vie_privee import purge
from tests.reprise.extrait import initiative, part, take_lines
from tests.reprise.test_reprise_commande import TYPES
from tests.sampling import mostly_long

# Demo data take three seconds to make, and a site takes a wiki over once.
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("demo")]

SOME = ("initiative", "evenement", "inscription")
some_or_all = mostly_long("types", [SOME, tuple(TYPES)], one_in=2, ids=len)


@pytest.fixture(scope="module")
def _demo(_france):
    call_command("charger_demo", stdout=io.StringIO())


@pytest.fixture
def demo(_demo, db):
    """The site has places, themes and demo data."""


# What gives way


@some_or_all
def test_demo_sheets_give_way_to_real_ones_unless_somebody_edited_them(take_over, types):
    taken = [declaration for declaration in registre.types() if declaration.demo and declaration.cle in types]
    for declaration in taken:
        assert declaration.model.objects.exists(), declaration.cle
    kept = taken[0].model.objects.order_by("pk").last()
    kept.titre = "Un essai que je garde"
    kept.save()
    take_over(part(types=types))
    assert type(kept).objects.filter(pk=kept.pk).exists()
    for declaration in taken:
        kept_here = declaration is taken[0]
        assert declaration.model.objects.count() == TYPES[declaration.cle] + kept_here, declaration.cle
    assert Entree.objects.count() == sum(declaration.model.objects.count() for declaration in registre.types())
    assert Indexe.objects.count() == Entree.objects.published().count()
    for one in list_sets.every():
        public = one.liste.filterset_class.public().values_list("pk", flat=True)
        assert set(list_sets.ListSets(one).publiques) == set(public), one.cle
    assert not Ecartee.objects.exists()


def test_demo_sheets_of_a_type_that_the_dump_does_not_hold_stay(take_over):
    before = Projet.objects.count()
    take_over(b"Accueil\nAccueil\nDescription\nUn texte.\n")
    assert Projet.objects.count() == before
    assert Initiative.objects.count() == 1


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


def test_demo_events_leave_though_the_purge_has_emptied_who_came(take_over):
    evenement = Inscription.objects.exclude(evenement=None).first().evenement
    assert sum(number for _, number in purge.run())
    assert not Inscription.objects.exclude(nom="").exists()
    take_over(part(types=("evenement",)))
    assert not Evenement.objects.filter(pk=evenement.pk).exists()


def test_demo_persons_stay_as_long_as_nobody_real_comes():
    take_lines(initiative())
    assert (Inscription.objects.count(), Exploration.objects.count(), Evenement.objects.count()) == (9, 5, 4)
    take_lines(initiative(), ["Balise L'Accueillette - 11/04/24"])
    assert Evenement.objects.count() == 1
    assert not Inscription.objects.exists()
