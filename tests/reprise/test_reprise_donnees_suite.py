"""What the next takeover makes of a site that holds the old site’s data: text, table, the same again, edits here."""

import json
from copy import deepcopy
from datetime import datetime

import pytest
from django.utils import timezone

from fiches.enquetes.models import Enquete
from fiches.initiatives.models import Initiative
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from reprise.models import Anomalie, Origine
from reprise.resolution import differences
from reprise.sources import Piece
from tests.conftest import load_places
from tests.reprise.test_reprise_commande import database
from tests.reprise.test_reprise_donnees import NOMBRES, SITE, save, states, take_json, take_text
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import NUMEROS, Ligne

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _taken(kept):
    load_places()
    take_json(deepcopy(SITE))


@pytest.fixture
def site(_taken, db):
    """The old site, of which everything has been taken over."""
    return deepcopy(SITE)


def test_an_old_address_leads_to_its_record(site, client):
    fiche = site.du_type("terme")[0]
    entree = Origine.objects.get(identifiant=fiche.identifiant).entree
    assert client.get(f"/?{fiche.identifiant}")["Location"].endswith(entree.get_absolute_url())


def test_an_event_has_the_dates_of_its_data(site):
    evenement = Evenement.objects.get(debut=datetime.fromisoformat("2024-11-15T09:30:00+01:00"))
    assert evenement.heure_connue
    assert evenement.fin == datetime.fromisoformat("2024-11-15T12:00:00+01:00")
    assert evenement.adresse.endswith("Rennes")


def test_a_survey_has_the_position_of_its_data(site):
    enquete = Enquete.objects.get(latitude__isnull=False)
    assert (enquete.latitude, enquete.longitude) == (48.1173, -1.6778)
    assert not enquete.position_approchee


def test_a_town_that_is_emptied_there_stays(site):
    before = set(Evenement.objects.values_list("pk", "adresse"))
    assert any(adresse.endswith(", Rennes") for _, adresse in before)
    for fiche in site.du_type("evenement"):
        fiche.valeurs["bf_ville"] = ""
    take_json(site)
    assert set(Evenement.objects.values_list("pk", "adresse")) == before


@pytest.mark.parametrize("hidden", ["bf_code_postal", "bf_adresse", "bf_date_fin_evenement"])
def test_a_part_of_an_address_and_an_end_that_are_hidden_there_stay(site, hidden):
    before = set(Evenement.objects.values_list("pk", "adresse", "fin"))
    assert any(adresse and fin for _, adresse, fin in before)
    for fiche in site.du_type("evenement"):
        fiche.valeurs[hidden] = ""
    assert not states(take_json(site)).get("modifiees")
    assert set(Evenement.objects.values_list("pk", "adresse", "fin")) == before


def test_a_place_that_was_spam_here_and_of_which_a_part_is_told_stays_empty(site):
    evenement = Evenement.objects.exclude(adresse="").first()
    fiche = next(one for one in site.du_type("evenement") if one.titre == evenement.titre)
    fiche.valeurs |= {"bf_adresse": "FloodCRM", "bf_code_postal": "", "bf_ville": ""}
    Evenement.objects.filter(pk=evenement.pk).update(adresse="")
    spam = {"type": "contenu_indesirable", "texte": "FloodCRM", "empreinte": "a"}
    Anomalie.objects.create(entree=evenement.entree, **spam)
    take_json(site)
    assert Evenement.objects.get(pk=evenement.pk).adresse == ""


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
def test_another_record_of_a_deleted_title_comes(site):
    gone, new = site.du_type("initiative")[2], deepcopy(site.du_type("initiative")[2])
    Initiative.objects.get(titre=gone.titre).delete()
    new.identifiant += "Bis"
    site.fiches.append(new)
    assert take_json(site).fiches["initiative"]["creees"] == 1


def test_what_was_edited_here_stays_and_its_date_too(site):
    fiche = site.du_type("terme")[0]
    terme = Origine.objects.get(identifiant=fiche.identifiant).entree.terme
    terme.definition = "Réécrite ici."
    terme.save()
    fiche.valeurs[site.cle("terme", "Définition")] = [Ligne("Autre texte")]
    assert states(take_json(site))["conflits"] == 1
    terme.refresh_from_db()
    assert terme.definition == "Réécrite ici."
    assert terme.modifiee_le.date() == timezone.now().date()
    (row,) = Anomalie.objects.filter(type="change_des_deux_cotes")
    assert differences(terme, row.valeurs) == {"definition": ("Réécrite ici.", "Autre texte")}


@pytest.mark.long
def test_an_address_that_data_hid_comes_with_the_text(site):
    assert set(Inscription.objects.values_list("courriel", flat=True)) == {""}
    take_text(site)
    assert Inscription.objects.count() == NOMBRES["inscription"]
    assert all(Inscription.objects.values_list("courriel", flat=True))


@pytest.mark.long
def test_fields_that_the_source_leaves_out_stay(site):
    entries = json.loads(ecriture.reponses(site)["?api/entries"])
    some = {
        tag: {name: entry[name] for name in ("bf_titre", "id_typeannonce", "id_fiche")}
        for tag, entry in entries.items()
        if entry["id_typeannonce"] == NUMEROS["terme"]
    }
    forms = json.loads(ecriture.reponses(site)["?api/forms"])
    before = database()
    rapport = save(Piece("a.json", json.dumps({"forms": forms, "entries": some}).encode()))
    assert states(rapport) == {"inchangees": NOMBRES["terme"]}
    assert database() == before
