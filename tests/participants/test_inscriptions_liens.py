"""What the links of an inscription's mails open: its page, its confirmation, an offer, a new link."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from participants.evenements.models import Evenement
from participants.inscriptions import annonces, courriels, places
from participants.inscriptions.models import BesoinAcces, Inscription
from socle.courrier import liens
from socle.courrier.models import Courriel
from socle.francais.wording import jour_en_lettres
from socle.vie_privee import consentement
from tests.conftest import PageLue
from tests.factories.participants import EvenementFactory, demande
from tests.participants.test_inscriptions import NOLWENN, S, last_link, post

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _mailed(kept):
    evenement = EvenementFactory(titre="Balise", capacite=1)
    found = {}
    with patch("socle.formulaires.protection.RAPIDE", timedelta(seconds=-5)):
        post(Client(), evenement)
    row = Inscription.objects.get()
    found["a-confirmer"] = row, last_link(row)
    held = EvenementFactory(titre="Autre", capacite=1)
    first = places.confirm(places.register(held, demande("premier")))
    found["inscrite"] = first, last_link(first)
    second = places.confirm(places.register(held, demande("second")))
    found["en attente"] = second, last_link(second)
    other = EvenementFactory(titre="Tiers", capacite=1)
    gone = places.confirm(places.register(other, demande("parti")))
    offered = places.confirm(places.register(other, demande("suivant")))
    places.cancel(gone)
    offered.refresh_from_db()
    found["place proposée"] = offered, last_link(offered)
    return {name: (row.pk, link) for name, (row, link) in found.items()}


@pytest.fixture
def mailed(_mailed, db, patient):
    """One row a state that a mail has a link for: {mail: (row, link)}."""
    return {name: (Inscription.objects.get(pk=pk), link) for name, (pk, link) in _mailed.items()}


@pytest.fixture
def evenement(mailed):
    return Evenement.objects.get(titre="Balise")


def test_an_offer_may_be_left_to_the_next(client, mailed):
    row, link = mailed["place proposée"]
    client.post(link, {"reponse": "laisser"})
    row.refresh_from_db()
    assert row.statut == S.ANNULEE
    response = client.post(link, {"reponse": "accepter"})
    assert response.status_code == 409
    assert "plus valable" in response.content.decode()


def test_one_corrects_and_cancels_on_one_s_own_page(client, mailed):
    row, link = mailed["inscrite"]
    data = NOLWENN | {"action": "corriger", "prenom": "Maëlle", "besoin": "une rampe"}
    page = PageLue(client.post(link, data | {"nom": ""}))
    assert page.one(id="id_nom_error").text
    assert page.one("input", id="id_prenom")["value"] == "Maëlle"
    response = client.post(link, data | {"courriel": "pirate@exemple.bzh", "statut": "refusee"}, follow=True)
    assert "corrigées" in response.content.decode()
    row.refresh_from_db()
    assert (row.prenom, row.courriel, row.statut) == ("Maëlle", "premier@exemple.bzh", S.INSCRITE)
    assert row.besoin.texte == "une rampe"
    client.post(link, data | {"besoin": ""})
    assert not BesoinAcces.objects.filter(inscription=row).exists()
    assert "annulée" in client.post(link, {"action": "annuler"}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.statut == S.ANNULEE
    assert client.post(link, data).status_code == 409


def test_nothing_is_to_correct_once_the_event_is_called_off(client, mailed):
    row, link = mailed["inscrite"]
    annonces.call_off(row.evenement)
    page = PageLue(client.get(link))
    assert "La rencontre est annulée." in page.text
    assert not page.all("button", value="corriger") + page.all("button", value="annuler")
    answer = client.post(link, NOLWENN | {"action": "corriger", "besoin": "une rampe"})
    assert (answer.status_code, BesoinAcces.objects.exists()) == (409, False)
    token = liens.issue(courriels.PROPOSITION, row, duree=timedelta(days=1))
    offer = reverse("inscriptions:proposition", args=[token])
    page = PageLue(client.get(offer))
    assert "La rencontre est annulée" in page.alert
    assert "vous êtes inscrit" not in page.text


def test_one_erases_one_s_data_before_the_event_and_the_seat_goes_to_the_list(client, mailed):
    row, link = mailed["inscrite"]
    waiting = mailed["en attente"][0]
    page = PageLue(client.get(link))
    assert "Effacer mes données…" in page.text
    assert page.one("main").all("a", href="/donnees-personnelles/")
    response = client.post(link, {"action": "effacer"})
    assert "Vos données sont effacées" in PageLue(client.get(response.url)).text
    assert not Inscription.objects.filter(pk=row.pk).exists()
    assert not Courriel.objects.filter(destinataire=row.courriel).exists()
    assert client.get(link).status_code == 404
    waiting.refresh_from_db()
    assert waiting.statut == S.PROPOSEE


def test_one_erases_one_s_data_after_the_event_and_what_counts_stays(client, mailed):
    row, link = mailed["inscrite"]
    places.correct(row, {"commentaire": "à bientôt"}, "une rampe", [])
    with patch("django.utils.timezone.now", return_value=row.evenement.fin + timedelta(days=1)):
        assert "de quoi compter" in PageLue(client.get(link)).text
        assert client.post(link, {"action": "effacer"}).url == "/inscription/effacee/"
        assert client.get(link).status_code == 404
    row.refresh_from_db()
    assert (row.prenom, row.nom, row.courriel, row.commentaire, row.statut) == ("", "", "", "", S.INSCRITE)
    assert not BesoinAcces.objects.exists()
    assert not row.courriels.exists()


def test_after_cancelling_the_page_says_what_is_kept_and_until_when(client, mailed, settings):
    row, link = mailed["inscrite"]
    page = PageLue(client.post(link, {"action": "annuler"}, follow=True)).text
    until = jour_en_lettres(row.evenement.termine_le + timedelta(days=settings.CONSERVATION["inscriptions"]))
    assert f"Nous gardons votre nom, votre adresse et vos réponses jusqu’au {until}" in page.replace("\u00a0", " ")


def test_one_takes_one_s_data_away(client, mailed):
    row, link = mailed["inscrite"]
    data = client.get(f"{link}donnees.json").json()
    assert (data["courriel"], data["état"], data["prénom"]) == ("premier@exemple.bzh", "inscrite", "Malo")
    assert data["événement"] == row.evenement.titre
    assert len(data["courriels"]) == 2
    assert "texte accepté" not in data  # not by the form: no proof
    agreed = client.get(client.post(mailed["a-confirmer"][1]).url + "donnees.json").json()["texte accepté"]
    assert consentement.texte("inscription", consentement.version("inscription")) in agreed
    calendar = Calendar.from_ical(client.get(f"{link}agenda.ics").content)
    assert str(calendar.walk("VEVENT")[0]["UID"]) == f"evenement-{row.evenement_id}@labacces"


def test_whoever_leaves_is_told_what_becomes_of_their_place(client, mailed):
    seated, waits = (PageLue(client.get(mailed[name][1])).text for name in ("inscrite", "en attente"))
    assert "Votre place sera libre pour quelqu’un d’autre" in seated
    assert "Vous quitterez la liste d’attente" in waits
    extra = places.add(mailed["inscrite"][0].evenement, demande("extra"), motif="intervenante")
    assert "à personne d’autre" in PageLue(client.get(last_link(extra))).text
    assert "quelqu’un d’autre" not in extra.courriels.first().texte


def test_whoever_has_a_seat_is_offered_the_calendar_and_nobody_who_waits_for_one(client, mailed):
    offered = {name: "Ajouter à mon agenda" in PageLue(client.get(link)).text for name, (_, link) in mailed.items()}
    assert offered == {"a-confirmer": False, "inscrite": True, "en attente": False, "place proposée": False}
    row, link = mailed["inscrite"]
    Inscription.objects.filter(pk=row.pk).update(statut=S.PROPOSEE)
    assert "Ajouter à mon agenda" not in PageLue(client.get(link)).text


def test_a_new_link_goes_by_mail_and_the_page_says_nothing(client, mailed):
    row, _ = mailed["inscrite"]

    def ask(courriel):
        guards = PageLue(client.get("/inscription/nouveau-lien/")).guards
        return client.post("/inscription/nouveau-lien/", guards | {"courriel": courriel})

    before = Courriel.objects.count()
    known, unknown = ask("Premier@exemple.bzh"), ask("personne@exemple.bzh")
    assert known.content == unknown.content
    assert Courriel.objects.count() == before + 1
    assert client.get(last_link(row)).status_code == 200
    for _ in range(6):
        ask("premier@exemple.bzh")
    assert Courriel.objects.count() == before + 5
    assert "incomplète" in ask("premier").content.decode()


def test_a_past_event_s_registration_no_longer_changes(client, mailed):
    row, link = mailed["inscrite"]
    with patch("django.utils.timezone.now", return_value=row.evenement.fin + timedelta(days=1)):
        page = client.get(link).content.decode()
        assert "Je ne peux plus venir" not in page
        assert client.post(link, {"action": "annuler"}).status_code == 409
    row.refresh_from_db()
    assert row.statut == S.INSCRITE
