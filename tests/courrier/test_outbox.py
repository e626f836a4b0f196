"""What is put into the outbox: with the change or not at all, and nothing that a person typed acts."""

import pytest
from django.db import transaction

from socle.courrier.mailboxes import AdresseInvalide
from socle.courrier.models import Courriel, Etat, PieceJointe
from socle.courrier.outbox import FichierAJoindre, deposit
from socle.courrier.sending import message
from socle.courrier.texte import as_text
from tests.factories import UtilisateurFactory
from tests.factories.contacter import MessageFactory

pytestmark = pytest.mark.django_db

HOSTILE = ["{{ 7|add:7 }}", "{% debug %}", "<b>Awena</b> & cie", '"><img src=x onerror=alert(1)>', "Awena\x00\ud800"]
ADDRESS = "awena@exemple.bzh"


def put(**kwargs):
    return deposit("essai", ADDRESS, {}, **{"objet": "Essai"} | kwargs)


@pytest.fixture
def named(settings, tmp_path):
    """A template of the house that prints a name, as those of registrations do."""
    folder = tmp_path / "courriels"
    folder.mkdir()
    html = '{% extends "courriels/base.html" %}{% block corps %}<p>Bonjour {{ nom }},</p>{% endblock %}'
    (folder / "nom.html").write_text(html)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]


def test_a_mail_waits_until_it_is_sent():
    courriel = put()
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais, courriel.destinataire) == (Etat.EN_FILE, 0, ADDRESS)
    assert list(Courriel.objects.due()) == [courriel]
    assert "LabAccès sait envoyer des courriels" in courriel.texte
    assert "LabAccès sait envoyer des courriels" in courriel.html
    assert str(courriel) == f"Courriel n° {courriel.pk}"


def test_it_is_rolled_back_with_the_change():
    with transaction.atomic():
        put(pieces=[FichierAJoindre("rendez-vous.ics", "text/calendar", b"BEGIN:VCALENDAR")])
        transaction.set_rollback(True)
    assert not Courriel.objects.exists()
    assert not PieceJointe.objects.exists()


def test_the_same_key_twice_is_one_mail():
    first = put(cle="inscription-3-confirmation")
    assert (
        put(cle="inscription-3-confirmation", objet="Autre", pieces=[FichierAJoindre("a", "text/plain", b"a")]) == first
    )
    assert put(cle="inscription-4-confirmation") != first
    assert put() != put()
    assert not PieceJointe.objects.exists()


def test_the_text_version_says_what_the_page_says():
    page = """<html><head><title>Titre</title></head><body><div><p>Bonjour &lt;b&gt;,<br>un
      <strong>mot</strong>.</p><blockquote><p>Oui.<br>Non.</p><p>Peut-être.</p></blockquote>
      <ul><li>La <a href="/a?b&amp;c">une</a></li><li>et <a href="/d">deux</a> ou <a href="/e">trois</a>,</li></ul>
      <ul><li>courte</li> <li>autre</li></ul>
      <p><a href="/f">Ouvrir</a></p><p class="ecran">Ou recopiez /f.</p><p>Voir <a href="/g">/g</a></p><p> </p>
      <hr><p>Le site</p></div></body></html>"""
    parts = [
        *("Bonjour <b>,\nun mot.", "> Oui.\n> Non.\n>\n> Peut-être."),
        "- La une\n  /a?b&c",
        "- et deux ou trois,\n  Deux\u00a0:\n  /d\n  Trois\u00a0:\n  /e",
        *("- courte\n- autre", "Ouvrir\u00a0:\n/f", "Voir /g", "-- \nLe site\n"),
    ]
    assert as_text(page) == "\n\n".join(parts)


def test_it_is_known_what_it_is_about():
    ecrit = MessageFactory()
    courriel = put(sujet=ecrit)
    put(sujet=UtilisateurFactory(pk=ecrit.pk))
    assert list(ecrit.courriels.all()) == [courriel]
    assert Courriel.objects.get(pk=courriel.pk).sujet == ecrit


@pytest.mark.parametrize("nom", HOSTILE)
def test_a_name_stands_as_it_was_typed(named, nom):
    courriel = deposit("nom", ADDRESS, {"nom": nom}, objet=f"Bonjour {nom}")
    courriel.refresh_from_db()
    seen = nom.replace("\x00", "").replace("\ud800", "")
    assert f"Bonjour {seen}," in courriel.texte
    assert courriel.objet == f"Bonjour {seen}"
    escaped = seen.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert f"Bonjour {escaped}," in courriel.html
    assert message(courriel).message()["Subject"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_line_break_makes_no_header(end):
    courriel = put(objet=f"Balise{end}Bcc: autre@exemple.bzh")
    assert courriel.objet == "Balise Bcc: autre@exemple.bzh"
    sent = message(courriel).message()
    assert sent["Bcc"] is None
    assert message(courriel).recipients() == [ADDRESS]
    with pytest.raises(AdresseInvalide):
        deposit("essai", f"{ADDRESS}{end}Bcc: autre@exemple.bzh", {}, objet="Essai")


def test_an_answer_goes_where_the_mail_says():
    assert message(put()).message()["Reply-To"] is None
    courriel = put(repondre_a="Enora@EXEMPLE.bzh")
    sent = message(Courriel.objects.get(pk=courriel.pk))
    assert sent.message()["Reply-To"] == "Enora@exemple.bzh"
    assert sent.recipients() == [ADDRESS]
    for wrong in ("enora", "a@exemple.bzh\nBcc: b@exemple.bzh", "a@exemple.bzh, b@exemple.bzh"):
        with pytest.raises(AdresseInvalide):
            put(repondre_a=wrong)


def test_attachments_go_along_under_harmless_names():
    pieces = [
        FichierAJoindre(
            "Balise d’été.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Été\r\nEND:VCALENDAR\r\n".encode()
        ),
        FichierAJoindre('../"etc"\r\nBcc: a', "application/octet-stream", b"\x00\xff"),
    ]
    courriel = put(pieces=pieces)
    sent = message(Courriel.objects.get(pk=courriel.pk)).message()
    calendar, other = list(sent.walk())[-2:]
    assert calendar.get_filename() == "Balise d’été.ics"
    assert calendar.get_content_type() == "text/calendar"
    assert "SUMMARY:Été" in calendar.get_payload(decode=True).decode()
    assert other.get_filename() == "..-etc- Bcc- a"
    assert other.get_payload(decode=True) == b"\x00\xff"
    assert sent["Bcc"] is None


def test_a_mail_asks_for_nothing_from_anywhere():
    html = put().html
    for tag in ("<img", "<link", "<script", "<style", "<iframe", "url(", "@import", "<form"):
        assert tag not in html
    assert '<html lang="fr">' in html
    assert "<title>" in html


def test_links_come_from_the_setting(settings):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    courriel = put()
    assert "https://labacces.exemple.bzh/" in courriel.texte
    assert courriel.message_id.endswith("@labacces.exemple.bzh>")


def test_without_a_mail_server_it_is_a_file_at_once(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND, settings.COURRIELS = "socle.courrier.fichiers.EmailBackend", tmp_path / "courriels"
    with django_capture_on_commit_callbacks(execute=True):
        courriel = put()
        assert not settings.COURRIELS.exists()
    (file,) = settings.COURRIELS.iterdir()
    assert file.suffix == ".eml"
    assert "LabAccès sait envoyer des courriels" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    courriel.refresh_from_db()
    assert courriel.etat == Etat.ENVOYE
    with django_capture_on_commit_callbacks(execute=True):
        courriel.delete()
    assert file not in settings.COURRIELS.iterdir()  # it leaves with the row, hence with the person
