"""Registering without an account: the form, the mails and the pages that their links open."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone
from icalendar import Calendar

from participants.evenements.models import Question
from participants.inscriptions import places
from participants.inscriptions.models import Inscription
from participants.inscriptions.views import InscriptionView
from socle.courrier.models import Courriel
from socle.formulaires.models import Comptage
from socle.formulaires.protection import TROP_TARD, TROP_VITE
from socle.vie_privee import consentement
from socle.vie_privee.models import CleDuJour
from tests.conftest import PageLue, as_read
from tests.factories import ProjetFactory
from tests.factories.participants import EvenementFactory, demande
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db
S = Inscription.Statut
NOLWENN = {
    "prenom": "Nolwenn",
    "nom": "Kerinvente",
    "organisation": "Mairie d’Exemple",
    "courriel": "nolwenn@exemple.bzh",
    "journee_entiere": "oui",
    "consentement": "on",
}


@pytest.fixture
def evenement():
    return EvenementFactory(titre="Balise", capacite=2)


def form_of(client, evenement):
    return PageLue(client.get(f"/agenda/{evenement.slug}/inscription/")).guards


def post(client, evenement, fresh=None, **data):
    fields = (form_of(client, evenement) if fresh is None else fresh) | NOLWENN | data
    return client.post(f"/agenda/{evenement.slug}/inscription/", fields)


def links(mail):
    return re.findall(r"http://127\.0\.0\.1:8000(/inscription/[^\s\"<]*lien-[^\s\"<]*)", mail.texte)


def last_link(row):
    (link,) = links(row.courriels.first())
    return link


def the_row():
    return Inscription.objects.get()


# The form


def test_somebody_registers_confirms_from_the_mail_and_sees_their_page(client, evenement, patient):
    response = post(client, evenement, besoin="une boucle magnétique", commentaire="J’arrive à 10 h")
    assert response.url == f"/agenda/{evenement.slug}/inscription/?fait=recue"
    assert "Regardez votre courrier" in client.get(response.url).content.decode()
    row = the_row()
    assert (row.statut, row.journee_entiere) == (S.A_CONFIRMER, True)
    assert row.consentement_texte == consentement.version("inscription")
    assert row.besoin.texte == "une boucle magnétique"
    link = last_link(row)
    page = client.get(link).content.decode()
    assert "Nolwenn" not in page  # the address may be a stranger's
    assert 'method="post"' in page
    assert the_row().statut == S.A_CONFIRMER
    personal = client.post(link).url
    assert the_row().statut == S.INSCRITE
    page = PageLue(client.get(personal))
    assert "Vous êtes inscrit·e" in page.text
    assert page.one("input", id="id_prenom")["value"] == "Nolwenn"
    assert "une boucle magnétique" in page.one("textarea", id="id_besoin").text


def test_no_cookie_is_set_from_the_first_page_to_the_last(client, evenement, patient):
    assert not client.get(f"/agenda/{evenement.slug}/inscription/").cookies
    assert not post(client, evenement).cookies
    assert not client.post(last_link(the_row())).cookies


def test_known_new_full_and_doubtful_addresses_get_the_same_answer(client, evenement, patient):
    answers = []
    evenement.capacite = 1
    evenement.save()
    for data in ({}, {}, {"courriel": "malo@exemple.bzh"}, {"courriel": "bot@exemple.bzh", "precision": "x"}):
        response = post(client, evenement, **data)
        answers.append((response.status_code, response.url, client.get(response.url).content))
    assert len(set(answers)) == 1
    assert [row.statut for row in Inscription.objects.order_by("pk")] == [S.A_CONFIRMER, S.EN_ATTENTE, S.A_VERIFIER]


def test_errors_are_listed_linked_and_said_beside_their_fields(client, evenement, patient):
    page = PageLue(post(client, evenement, organisation="", courriel="nolwenn.legoff", consentement=""))
    assert page.one("title").text.startswith("Erreur : ")
    summary = page.one(id="erreurs")
    assert summary["role"] == "alert"
    assert summary.one("h2").text == "Votre inscription comporte 3 erreurs"
    targets = [a["href"][1:] for a in summary.all("a")]
    assert targets == ["id_organisation", "id_courriel", "id_consentement"]
    for target in targets:
        field = page.one(id=target)
        assert field["aria-invalid"] == "true"
        described = field["aria-describedby"].split()
        assert page.one(id=described[-1]).text
    assert page.one("input", id="id_prenom")["value"] == "Nolwenn"
    assert page.one("input", id="id_courriel")["autocomplete"] == "email"
    assert page.one("input", id="id_prenom")["autocomplete"] == "given-name"
    assert page.one("input", id="id_nom")["autocomplete"] == "family-name"
    assert not Inscription.objects.exists()


def test_a_post_faster_than_anybody_types_comes_back_whole_then_passes(client, evenement):
    guards = form_of(client, evenement)
    page = PageLue(post(client, evenement, guards))
    assert TROP_VITE.split(".")[0] in page.text
    assert page.one("input", id="id_nom")["value"] == "Kerinvente"
    assert page.one("input", id="id_cle")["value"] == guards["cle"]
    now = timezone.now().timestamp()
    with patch("django.core.signing.time.time", return_value=now + 6):
        assert post(client, evenement, guards).status_code == 302


@pytest.mark.parametrize(("hours", "status"), [(5, 302), (23, 302), (25, 200)])
def test_a_long_pause_passes_and_after_a_day_all_comes_back(client, evenement, hours, status):
    guards = form_of(client, evenement)
    now = timezone.now().timestamp()
    with patch("django.core.signing.time.time", return_value=now + hours * 3600):
        response = post(client, evenement, guards)
        assert response.status_code == status
        if status == 200:
            page = PageLue(response)
            assert TROP_TARD.split(".")[0] in page.text
            assert page.one("input", id="id_courriel")["value"] == NOLWENN["courriel"]
            guards["cle"] = page.one("input", id="id_cle")["value"]
    with patch("django.core.signing.time.time", return_value=now + hours * 3600 + 10):
        assert post(client, evenement, guards).status_code == 302
    assert Inscription.objects.count() == 1


@pytest.mark.parametrize("cle", ["", "x", "eyJ:1:a", "\x00", "é" * 400])
def test_without_a_good_key_nothing_is_taken_nothing_is_lost(client, evenement, cle):
    page = PageLue(post(client, evenement, {"cle": cle, "precision": ""}))
    assert page.one("input", id="id_prenom")["value"] == "Nolwenn"
    assert not Inscription.objects.exists()


def test_the_key_of_another_form_does_not_do(client, evenement, patient):
    guards = PageLue(client.get("/inscription/nouveau-lien/")).guards
    assert post(client, evenement, guards).status_code == 200


def test_a_double_click_is_one_registration_and_one_mail(client, evenement, patient):
    guards = form_of(client, evenement)
    for _ in range(3):
        assert post(client, evenement, guards).status_code == 302
    assert Inscription.objects.count() == 1
    assert Courriel.objects.count() == 1


ODD = [
    "É",
    "x" * 300,
    "🌻🐙",
    "<b>Nolwenn</b>",
    "<script>alert(1)</script>",
    "{{ 7000|add:7000 }}",
    "{% now 'Y' %}",
    "O’Brien-Le Goff",
    "d'Artagnan; DROP TABLE",
    "=1+1",
    "Ñandú Æther",
    "عائشة",
    "A\r\nBcc: x@exemple.bzh",
    "‮renversé",
]


@mostly_long("name", ODD, one_in=5)
def test_odd_names_are_people(client, evenement, patient, name):
    assert post(client, evenement, prenom=name, nom=name).status_code == 302
    row = the_row()
    assert row.prenom == " ".join(name.split())
    client.post(last_link(row))
    mail = row.courriels.first()
    assert "\n" not in mail.objet
    assert "14000" not in mail.objet
    assert "<script>" not in mail.html
    personal = client.get(last_link(row)).content.decode()
    assert "<script>alert" not in personal
    assert "14000" not in personal


BOTS = [
    {"precision": "Acme"},
    {"commentaire": "Buy now [url=https://a.example]here[/url]"},
    {"commentaire": '<a href="https://a.example">pills</a>'},
    {"prenom": "https://casino.example"},
    {"nom": "www.pills.example"},
    {"commentaire": "https://a.example https://b.example https://c.example"},
    {"commentaire": "Très bien.\nFloraSoftCRM"},
    {"besoin": "cryptoboost.io"},
]


@mostly_long("data", BOTS, one_in=3)
def test_a_naive_robot_holds_no_seat_and_sends_no_mail(client, evenement, patient, data):
    post(client, evenement, **data)
    assert the_row().statut == S.A_VERIFIER
    assert the_row().doute
    assert evenement.places_restantes() == 2
    assert not Courriel.objects.exists()


@pytest.mark.parametrize("name", ["\x00", "x" * 301, "   "])
def test_what_no_name_can_be_comes_back_with_a_message(client, evenement, patient, name):
    page = PageLue(post(client, evenement, prenom=name))
    assert page.one(id="id_prenom_error").text


@pytest.mark.long
def test_a_flood_is_refused_with_what_was_typed_and_others_are_served(
    client, evenement, patient, same_moment, monkeypatch
):
    posts = size(60, one_in=6)
    assert InscriptionView.posts == 60
    monkeypatch.setattr(InscriptionView, "posts", posts)
    guards = form_of(client, evenement)
    codes = [post(client, evenement, guards, courriel=f"a{n}@exemple.bzh").status_code for n in range(posts + 4)]
    assert codes.count(429) == 4
    response = post(client, evenement, guards, courriel="z@exemple.bzh")
    assert PageLue(response).one("input", id="id_courriel")["value"] == "z@exemple.bzh"
    response = client.post(f"/agenda/{evenement.slug}/inscription/", guards | NOLWENN, REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 302


def test_no_address_of_the_network_is_kept_and_counts_are_thrown_away(client, evenement, patient):
    noon = timezone.localtime().replace(hour=12)  # of days of 23 or 25 hours too
    with patch("django.utils.timezone.now", return_value=noon):
        post(client, evenement)
    assert Comptage.objects.exists()
    for model in (Comptage, CleDuJour):
        assert "127.0.0.1" not in str(list(model.objects.values()))
        assert "nolwenn" not in str(list(model.objects.values()))
    for days, left in ((1, [noon.date() + timedelta(days=1)]), (2, [])):  # the digest of the post stays a day more
        with patch("django.utils.timezone.now", return_value=noon + timedelta(days=days)):
            call_command("suivre_inscriptions", verbosity=0)
        assert list(Comptage.objects.values_list("jour", flat=True)) == left
        assert not CleDuJour.objects.exists()


def test_an_event_that_closes_meanwhile_gives_back_what_was_typed(client, evenement, patient):
    guards = form_of(client, evenement)
    evenement.cloture = timezone.now() - timedelta(minutes=1)
    evenement.save()
    response = post(client, evenement, guards)
    assert response.status_code == 409
    page = PageLue(response)
    assert "sont closes" in page.alert
    assert page.one("input", id="id_nom")["value"] == "Kerinvente"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"dans": -3}, "a eu lieu"),
        ({"annule_le": timezone.now()}, "est annulée"),
        ({"entree_libre": True}, "entrée est libre"),
        ({"lien_externe": "https://exemple.bzh/i"}, "sur un autre site"),
        ({"dans": None}, "ne sont pas ouvertes"),
    ],
)
def test_an_event_that_takes_nobody_says_why(client, fields, words):
    evenement = EvenementFactory(**fields)
    page = as_read(client.get(f"/agenda/{evenement.slug}/inscription/"))
    assert words in page
    assert "Envoyer mon inscription" not in page


def test_a_draft_has_no_form_and_no_calendar(client):
    evenement = EvenementFactory(draft=True)
    for end in ("/inscription/", "/inscription/?fait=recue", ".ics"):
        assert client.get(f"/agenda/{evenement.slug}{end}").status_code == 404
    assert client.post(f"/agenda/{evenement.slug}/inscription/", NOLWENN).status_code == 404


# Questions of the organisers


def test_the_organisers_own_questions_are_asked_and_kept(client, evenement, patient):
    Question.objects.create(
        evenement=evenement, libelle="Quel atelier ?", genre="choix", choix="Récits\nCartes", obligatoire=True
    )
    Question.objects.create(evenement=evenement, libelle="Déjeunez-vous ?", genre="oui-non", ordre=2)
    Question.objects.create(evenement=evenement, libelle="D’où venez-vous ?", ordre=3)
    one, two, three = evenement.questions.all()
    page = PageLue(post(client, evenement))
    assert page.one(id=f"id_q{one.pk}_error").text == "Choisissez une réponse à « Quel atelier ? »."
    data = {f"q{one.pk}": "Cartes", f"q{two.pk}": "oui", f"q{three.pk}": "Brest"}
    assert post(client, evenement, **data).status_code == 302
    assert [(r.libelle, r.texte) for r in the_row().reponses.all()] == [
        ("Quel atelier ?", "Cartes"),
        ("Déjeunez-vous ?", "oui"),
        ("D’où venez-vous ?", "Brest"),
    ]
    one.delete()
    assert the_row().reponses.count() == 3  # the words of the question stay
    assert post(client, evenement, courriel="b@exemple.bzh", **{f"q{two.pk}": "autre"}).status_code == 200


def test_whoever_is_registered_by_hand_is_told_who_keeps_their_data_and_why(client, evenement, patient):
    row = places.add(evenement, demande("malo"))
    mail = row.courriels.get()
    for text in (mail.texte, mail.html):
        assert "L’équipe de LabAccès vous a inscrit·e" in text
        assert "Elle les efface 90 jours après la fin de la rencontre" in text
        assert "/donnees-personnelles/" in text
    post(client, evenement)
    assert "vous a inscrit·e" not in Inscription.objects.latest("pk").courriels.get().texte


# Calendars, public pages


def test_the_calendar_of_an_event_knows_summer_time(client):
    from datetime import datetime

    debut = timezone.make_aware(datetime(2027, 3, 28, 1, 30))  # the night the clock jumps
    evenement = EvenementFactory(titre="Balise, « X »; fin", debut=debut, fin=debut + timedelta(hours=3))
    response = client.get(f"/agenda/{evenement.slug}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar.walk("VTIMEZONE")
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (evenement.debut, evenement.fin)
    assert str(event["SUMMARY"]) == "Balise, « X »; fin"
    undated = EvenementFactory(dans=None)
    assert client.get(f"/agenda/{undated.slug}.ics").status_code == 404


def test_a_day_without_hours_is_a_whole_day(client):
    evenement = EvenementFactory(titre="Balise 15/11/29", dans=None)
    (event,) = Calendar.from_ical(client.get(f"/agenda/{evenement.slug}.ics").content).walk("VEVENT")
    assert str(event.decoded("DTSTART")) == "2029-11-15"
    assert str(event.decoded("DTEND")) == "2029-11-16"


def test_the_page_says_what_is_left_in_words(client, evenement):
    address = evenement.get_absolute_url()
    assert "Il reste 2 places" in PageLue(client.get(address)).text
    places.register(evenement, demande("a"))
    assert "Il reste 1 place" in PageLue(client.get(address)).text
    second = places.register(evenement, demande("b"))
    assert "Il reste 1 place" in PageLue(client.get(address)).text
    places.confirm(second)
    page = PageLue(client.get(address)).text
    assert "Complet : liste d’attente" in page
    assert "Entrer dans la liste d’attente" in page


def test_whoever_holds_no_seat_is_told_by_mail_and_on_the_page_that_confirms(client):
    evenement = EvenementFactory(titre="Balise", capacite=3)
    places.register(evenement, demande("a"))
    row = places.register(evenement, demande("b"))
    mail = row.courriels.get()
    assert mail.objet == "Confirmez votre inscription : Balise"
    assert "Aucune place ne vous est gardée d’ici là" in " ".join(mail.texte.split())
    link = re.search(r"(/inscription/confirmer/\S+/)", mail.texte)[1]
    assert "Il reste une place : elle est à vous si vous confirmez maintenant" in PageLue(client.get(link)).text
    for name in ("c", "d"):
        places.confirm(places.register(evenement, demande(name)))
    page = PageLue(client.get(link))
    assert "La rencontre est complète : en confirmant, vous entrez dans la liste d’attente" in page.text
    assert page.one("button", class_="plein").text == "Entrer dans la liste d’attente"
    assert "Vous êtes en liste d’attente, au rang 1" in PageLue(client.post(link, follow=True)).text
    assert row.courriels.order_by("pk").last().objet == "Vous êtes en liste d’attente : Balise"


def test_registrants_are_on_no_public_page(client, evenement):
    row = places.confirm(
        places.register(
            evenement,
            demande(
                "tudwal", "une boucle secrète", prenom="Tudwal", nom="Kerinconnu", organisation="Association Secrète"
            ),
        )
    )
    projet = ProjetFactory(titre="Accueil")
    addresses = ["/", "/agenda/", "/agenda.csv", evenement.get_absolute_url(), f"/agenda/{evenement.slug}.ics"]
    addresses += [f"/agenda/{evenement.slug}/inscription/", f"/agenda/{evenement.slug}/inscription/?fait=recue"]
    addresses += [projet.get_absolute_url(), "/recherche/?q=tudwal", "/recherche/?q=kerinconnu", "/projets.csv"]
    for address in addresses:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode().casefold()
        for word in ("kerinconnu", "tudwal@", "secrète"):
            assert word not in text or word in address, address
    assert row.pk


def test_a_name_that_nobody_confirmed_masks_nothing(client, evenement):
    projet = ProjetFactory(titre="Accueil", description="Une maison de Rozenn Quimperloise accueille.")
    places.register(evenement, demande("rozenn", prenom="Rozenn", nom="Quimperloise"))
    assert "Rozenn Quimperloise" in client.get(projet.get_absolute_url()).content.decode()


def test_an_answer_takes_the_same_time_whatever_is_known(client, evenement, patient, settings):
    """The work differs by a few milliseconds; what is measured outside is the pause that covers it."""
    settings.REPONSE_MINIMALE = 0.4
    places.register(evenement, demande("connue"))
    link = PageLue(client.get("/inscription/nouveau-lien/")).guards
    guards = form_of(client, evenement)
    with (
        patch("socle.formulaires.protection.time.sleep") as sleep,
        patch("socle.formulaires.protection.time.monotonic", return_value=0.0),
    ):
        for courriel in ("connue@exemple.bzh", "inconnue@exemple.bzh"):
            client.post("/inscription/nouveau-lien/", link | {"courriel": courriel})
            post(client, evenement, guards, courriel=courriel)
    assert [call.args for call in sleep.call_args_list] == [(0.4,)] * 4
