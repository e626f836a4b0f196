"""Persons are invented."""

import json
from datetime import datetime

import pytest
from django.db import models
from django.utils import timezone

from fiches.attached import Contact
from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from reprise.formulaires.evenement import only_link, read_date
from reprise.models import Anomalie, AnomalieInscription, Ecartee, Origine, TypeAnomalie
from reprise.participants import ParticipantSaver, take_theirs
from reprise.resolution import differences
from socle.annuaire.models import Entree
from tests.factories.participants import EvenementFactory
from tests.reprise.extrait import inscription, take_lines

pytestmark = pytest.mark.django_db


EXPLORATION = [
    *["HAMON Katell"] * 2,
    *("Mes fonctions", "Médiatrice numérique", "Structure", "Somme numérique"),
    *("D'ou je viens ? (adresse et/ou ville)", "Amiens"),
    *("Groupe de cases à cocher", "- Facilitateur", "- Curieux"),
    "Les sujets que j'aimerai aborder lors de cette exploration coopérative / Ce que j'aimerai y trouver.",
    "Des solutions",
]
BALISE = [
    "Balise L'Accueillette - 11/04/24",
    *["Balise MedNum Remix 15/11/24"] * 2,
    *("Résumé", "Pour s'inscrire:", *["https://framaforms.org/remix-17"] * 2),
]
NOLWENN = inscription("Nolwenn", "Prigent", "nolwenn.prigent@exemple.bzh")
MALO = inscription("malo", "LE FLOCH", "malo;lefloch@exemple.bzh", journee="Non", commentaire="Après-midi seulement")


def take(*records, **options):
    """`options` are those of the command."""
    return take_lines(*records, options=options)


def counts(**counted):
    return {"lues": 0, "creees": 0, "modifiees": 0, "inchangees": 0, "conflits": 0} | counted


# Events


def test_events_are_taken_over_with_the_date_and_the_link_that_they_tell():
    report = take(BALISE)
    assert report.fiches["evenement"] == counts(lues=2, creees=2)
    remix = Evenement.objects.get(slug="balise-mednum-remix-15-11-24")
    assert remix.quand == "vendredi 15 novembre 2024"
    assert remix.resume == "Pour s'inscrire:\nhttps://framaforms.org/remix-17"
    assert remix.lien_externe == "https://framaforms.org/remix-17"
    other = Evenement.objects.get(slug="balise-l-accueillette-11-04-24")
    assert (other.quand, other.lien_externe) == ("jeudi 11 avril 2024", "")
    assert Evenement.objects.published().count() == 2
    assert take(BALISE).fiches["evenement"] == counts(lues=2, inchangees=2)


def test_one_day_written_in_two_ways_is_one_event_and_changes_nothing():
    take(BALISE)
    before = list(Evenement.objects.order_by("pk").values())
    for lines in ([line.replace("/24", "/2024") for line in BALISE], BALISE):
        assert take(lines).fiches["evenement"] == counts(lues=2, inchangees=2)
    assert list(Evenement.objects.order_by("pk").values()) == before
    take([line.replace("15/11/24", "16/11/2024") for line in BALISE])
    assert Evenement.objects.count() == 3


@pytest.mark.parametrize(
    ("texts", "moment", "known"),
    [
        (("2024-11-05", "05/11/2024", "5/11/24", " 05/11/24 "), "2024-11-05T00:00", False),
        (("2024-11-05T09:30:00", "05/11/2024 09:30:00", "5/11/24 9:30"), "2024-11-05T09:30", True),
        (("31/02/24", "5/11/924", "05/11/1024", "2124-11-05", "le 5/11/24", ""), None, False),
    ],
)
def test_a_day_is_read_as_spreadsheets_write_it_again(texts, moment, known):
    wanted = moment and timezone.make_aware(datetime.fromisoformat(moment))
    assert [read_date(text) for text in texts] == [(wanted, known)] * len(texts)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Pour s'inscrire:\nhttps://framaforms.org/a-1", "https://framaforms.org/a-1"),
        ("(voir https://exemple.bzh/a).", "https://exemple.bzh/a"),
        ("https://exemple.bzh/a puis https://exemple.bzh/a", "https://exemple.bzh/a"),
        ("https://exemple.bzh/a et https://exemple.bzh/b", ""),
        ("http://", ""),
        ("Rien ici", ""),
    ],
)
def test_the_only_link_of_a_text_is_the_way_to_register(text, link):
    assert only_link(text) == link


# Registrations


def test_a_registration_is_kept_as_it_was_written():
    report = take(NOLWENN, MALO, BALISE)
    assert report.fiches["inscription"] == counts(lues=2, creees=2)
    malo = Inscription.objects.get(nom="LE FLOCH")
    assert (malo.prenom, malo.courriel, malo.organisation) == ("malo", "malo;lefloch@exemple.bzh", "Askoria")
    assert (malo.journee_entiere, malo.commentaire) == (False, "Après-midi seulement")
    assert (malo.consentement, malo.statut, malo.evenement) == (False, "inscrite", None)
    assert (malo.premiere_ligne, malo.derniere_ligne, malo.source) == (11, 22, "export.txt")
    assert malo.cle == "malo | le floch | malo;lefloch@exemple.bzh"


def test_nothing_of_a_registration_is_among_the_public_records():
    take(NOLWENN, MALO, BALISE, EXPLORATION)
    assert Entree.objects.count() == 2  # the events
    everywhere = json.dumps(
        [list(model.objects.values()) for model in (Entree, Origine, Anomalie, Contact)], default=str
    )
    for name in ("Prigent", "FLOCH", "lefloch", "Katell", "HAMON", "hamon"):
        assert name not in everywhere


def test_each_registration_without_an_event_is_an_anomaly_and_a_wrong_address_too():
    report = take(NOLWENN, MALO, BALISE)
    found = [(a["type"], a["fiche"], a["ligne"], a["texte"]) for a in report.anomalies]
    assert ("evenement_a_preciser", "Nolwenn Prigent", 1, "") in found
    assert ("evenement_a_preciser", "malo LE FLOCH", 11, "") in found
    assert ("courriel_invalide", "malo LE FLOCH", 18, "malo;lefloch@exemple.bzh") in found
    assert AnomalieInscription.objects.open().count() == 3
    assert not Anomalie.objects.exists()


def test_a_settled_anomaly_is_not_reported_again():
    take(NOLWENN, MALO, BALISE)
    Inscription.objects.get(prenom="malo").anomalies.update(reglee_le="2026-01-01T00:00:00Z")
    assert [a["fiche"] for a in take(NOLWENN, MALO, BALISE).anomalies] == ["Nolwenn Prigent"]
    assert AnomalieInscription.objects.count() == 3


def test_a_person_who_changed_on_both_sides_stays_whole_until_somebody_decides():
    take(NOLWENN, MALO, BALISE)
    malo = Inscription.objects.get(prenom="malo")
    malo.commentaire = "Finalement le matin"
    malo.save()
    changed = inscription("malo", "LE FLOCH", "malo;lefloch@exemple.bzh", "Hub", "Oui", "Autre chose")
    report = take(NOLWENN, changed, BALISE)
    assert report.fiches["inscription"] == counts(lues=2, inchangees=1, conflits=1)
    malo.refresh_from_db()
    assert (malo.organisation, malo.commentaire) == ("Askoria", "Finalement le matin")
    conflit = malo.anomalies.get(type=TypeAnomalie.CHANGE_DES_DEUX_COTES)
    there = {champ: theirs for champ, (_, theirs) in differences(malo, conflit.valeurs).items()}
    assert there == {"organisation": "Hub", "journee_entiere": "oui", "commentaire": "Autre chose"}
    conflit.reglee_le = conflit.creee_le
    conflit.save()
    assert take(NOLWENN, changed, BALISE).fiches["inscription"] == counts(lues=2, inchangees=2)


def test_a_person_erased_here_is_not_taken_over_again_and_leaves_no_name():
    take(NOLWENN, MALO, BALISE, EXPLORATION)
    Inscription.objects.get(prenom="malo").delete()
    Exploration.objects.all().delete()
    for _ in range(2):
        report = take(NOLWENN, MALO, BALISE, EXPLORATION)
        assert report.fiches["inscription"] == counts(lues=2, inchangees=2)
        assert report.fiches["exploration"] == counts(lues=1, inchangees=1)
        assert not [a for a in report.anomalies if a["fiche"] == "malo LE FLOCH"]
    assert [row.prenom for row in Inscription.objects.all()] == ["Nolwenn"]
    assert not Exploration.objects.exists()
    kept = json.dumps(list(Ecartee.objects.values()), default=str).lower()
    for name in ("malo", "floch", "hamon", "katell"):
        assert name not in kept


def test_an_event_is_not_deleted_over_the_heads_of_its_registrants():
    take(NOLWENN, BALISE, evenement="balise-l-accueillette-11-04-24")
    with pytest.raises(models.ProtectedError):
        Evenement.objects.get(slug="balise-l-accueillette-11-04-24").delete()
    assert take(NOLWENN, BALISE).fiches["inscription"] == counts(lues=1, inchangees=1)
    assert Inscription.objects.count() == 1
    assert not Ecartee.objects.exists()


def test_what_was_taken_of_a_person_follows_the_old_site_again():
    take(MALO, BALISE)
    malo = Inscription.objects.get()
    malo.commentaire = "Finalement le matin"
    malo.save()

    def says(commentaire):
        return take(inscription("malo", "LE FLOCH", "malo;lefloch@exemple.bzh", "Askoria", "Non", commentaire), BALISE)

    says("Deux")
    take_theirs(malo.anomalies.get(type=TypeAnomalie.CHANGE_DES_DEUX_COTES))
    assert says("Trois").fiches["inscription"]["conflits"] == 0
    malo.refresh_from_db()
    assert malo.commentaire == "Trois"


def test_naming_the_event_later_settles_what_was_open_and_moves_nobody_elsewhere():
    take(NOLWENN, MALO, BALISE)
    other = EvenementFactory()
    Inscription.objects.filter(prenom="Nolwenn").update(evenement=other)
    report = take(NOLWENN, MALO, BALISE, evenement="balise-l-accueillette-11-04-24")
    assert report.fiches["inscription"] == counts(lues=2, inchangees=1, modifiees=1)
    assert Inscription.objects.get(prenom="Nolwenn").evenement == other
    assert Inscription.objects.get(prenom="malo").evenement.slug == "balise-l-accueillette-11-04-24"
    assert [a.type for a in Inscription.objects.get(prenom="malo").anomalies.open()] == ["courriel_invalide"]
    again = take(NOLWENN, MALO, BALISE, evenement="balise-l-accueillette-11-04-24")
    assert again.fiches["inscription"] == counts(lues=2, inchangees=2)


# The exploration


def test_a_sheet_of_the_exploration_stays_with_the_staff(client):
    report = take(BALISE, EXPLORATION)
    assert report.fiches["exploration"] == counts(lues=1, creees=1)
    katell = Exploration.objects.get()
    assert (katell.nom, katell.fonctions) == ("HAMON Katell", "Médiatrice numérique")
    assert (katell.structure, katell.provenance, katell.sujets) == ("Somme numérique", "Amiens", "Des solutions")
    assert not katell.accord_publication
    assert {choix.nom for choix in katell.profils.all()} == {"Facilitateur", "Curieux"}
    assert {choix.liste for choix in katell.profils.all()} == {"profil"}
    assert "HAMON" not in client.get("/exploration/").content.decode()
    assert client.get(f"/exploration/{katell.pk}/").status_code == 404


def test_what_the_old_site_changes_of_a_sheet_that_is_shown_is_read_by_staff_first(client):
    take(BALISE, EXPLORATION)
    now = timezone.now()
    Exploration.objects.update(accord_publication=True, accord_le=now, accord_texte="2026-11", relue_le=now)
    katell = Exploration.objects.get()
    take(BALISE, EXPLORATION)
    assert client.get(f"/exploration/{katell.pk}/").status_code == 200
    take(BALISE, [line.replace("Amiens", "Brest") for line in EXPLORATION])
    assert client.get(f"/exploration/{katell.pk}/").status_code == 200
    take(BALISE, [line.replace("Des solutions", "Buy now") for line in EXPLORATION])
    assert client.get(f"/exploration/{katell.pk}/").status_code == 404
    assert list(Exploration.objects.a_relire()) == [katell]


def test_what_a_person_does_while_a_takeover_runs_stays(monkeypatch):
    """The takeover reads the rows when it begins."""
    take(BALISE, EXPLORATION)
    begin = ParticipantSaver._begin

    def begin_then_withdraw(saver):
        begin(saver)
        Exploration.objects.update(commentaire="je me retire", accord_publication=False)

    Exploration.objects.update(accord_publication=True)
    monkeypatch.setattr(ParticipantSaver, "_begin", begin_then_withdraw)
    take(BALISE, [line.replace("Amiens", "Brest") for line in EXPLORATION])
    katell = Exploration.objects.get()
    assert (katell.provenance, katell.commentaire, katell.accord_publication) == ("Brest", "je me retire", False)


# Names of rows


@pytest.mark.parametrize("model", [Inscription, Exploration])
def test_the_name_of_a_row_names_nobody(model):
    row = model(nom="Prigent", pk=12)
    assert str(row) in ("Inscription n° 12", "Exploration n° 12")
    assert "Prigent" not in str(model(nom="Prigent"))
