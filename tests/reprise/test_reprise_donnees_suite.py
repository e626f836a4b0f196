"""The next takeover into a site with the old site’s data: text, table, the same again, edits here."""

from copy import deepcopy
from datetime import datetime

import pytest
from django.utils import timezone

from fiches.enquetes.models import Enquete
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from reprise.models import Anomalie, Origine
from tests.conftest import load_places
from tests.reprise.test_reprise_donnees import NOMBRES, SITE, states, take_json, take_text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _taken(kept):
    load_places()
    take_json(deepcopy(SITE))


@pytest.fixture
def site(_taken, db):
    """The old site, taken over whole."""
    return deepcopy(SITE)


def test_an_event_and_a_survey_have_the_dates_and_the_position_of_their_data(site):
    evenement = Evenement.objects.get(debut=datetime.fromisoformat("2024-11-15T09:30:00+01:00"))
    assert evenement.heure_connue
    assert evenement.fin == datetime.fromisoformat("2024-11-15T12:00:00+01:00")
    assert evenement.adresse.endswith("Rennes")
    enquete = Enquete.objects.get(latitude__isnull=False)
    assert (enquete.latitude, enquete.longitude) == (48.1173, -1.6778)
    assert not enquete.position_approchee


@pytest.mark.parametrize("hidden", ["bf_ville", "bf_code_postal", "bf_adresse", "bf_date_fin_evenement"])
def test_a_part_of_an_address_and_an_end_that_are_hidden_there_stay(site, hidden):
    before = set(Evenement.objects.values_list("pk", "adresse", "fin"))
    assert any(adresse and fin for _, adresse, fin in before)
    for fiche in site.du_type("evenement"):
        fiche.valeurs[hidden] = ""
    assert not states(take_json(site)).get("modifiees")
    assert set(Evenement.objects.values_list("pk", "adresse", "fin")) == before


def test_an_event_that_moves_beyond_its_end_loses_it(site):
    before = Evenement.objects.get(fin__isnull=False)
    fiche = next(one for one in site.du_type("evenement") if one.valeurs.get("bf_date_fin_evenement"))
    fiche.valeurs |= {"bf_date_debut_evenement": "2025-03-01T09:30:00+01:00", "bf_date_fin_evenement": ""}
    take_json(site)
    after = Evenement.objects.get(pk=before.pk)
    assert (after.debut, after.fin) == (datetime.fromisoformat("2025-03-01T09:30:00+01:00"), None)


@pytest.mark.long
def test_a_record_is_known_by_its_identifier_when_its_title_changes(site):
    fiche = site.du_type("initiative")[2]
    origine = Origine.objects.get(identifiant=fiche.identifiant)
    Anomalie.objects.filter(entree=origine.entree).update(reglee_le=timezone.now())
    settled = Anomalie.objects.count()
    fiche.titre = "Un tout autre titre"
    assert states(take_json(site))["modifiees"] == 1
    assert origine.entree.initiative.titre == "Un tout autre titre"
    assert Anomalie.objects.count() == settled
    assert not take_text(site).fiches["initiative"]["creees"]


@pytest.mark.long
def test_an_address_that_data_hid_comes_with_the_text(site):
    assert set(Inscription.objects.values_list("courriel", flat=True)) == {""}
    take_text(site)
    assert Inscription.objects.count() == NOMBRES["inscription"]
    assert all(Inscription.objects.values_list("courriel", flat=True))
