"""What every answer and every address of the site must hold, desk included."""

import io
import json
import logging
import os
import re
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.test import Client
from icalendar import Calendar

from fiches import registre
from socle.comptes.models import Utilisateur
from socle.comptes.roles import ADMINISTRATION
from socle.vie_privee.erasure_list import _COURRIEL
from socle.vie_privee.mentions import Motif
from tests.addresses import every_address
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.participants import EvenementFactory
from tests.growth import in_line, repeated
from tests.sampling import mostly_long

pytestmark = [pytest.mark.django_db, pytest.mark.securite]
FORGOTTEN = "/admin/compte/mot-de-passe-oublie/"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg/onload=alert(1)>",
    "{{ 7|add:7 }}",
]


@pytest.mark.long
@mostly_long("payload", PAYLOADS, one_in=2)
def test_a_payload_in_every_field_is_inert(client, payload):
    """In the title and each free text of each record type: its page, its list, the search, the desk."""
    client.force_login(UtilisateurFactory(is_superuser=True))
    for declaration in registre.types():
        model = declaration.model
        fiche = model(titre=f"Fiche {payload}", statut="publiee", **dict.fromkeys(model.textes, f"texte {payload}"))
        fiche.save()
        desk = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for address in (
            fiche.get_absolute_url(),
            f"/{declaration.adresse}/",
            "/recherche/?q=fiche",
            desk,
            f"{desk}{fiche.pk}/change/",
            f"{desk}{fiche.pk}/history/",
        ):
            html = client.get(address, follow=True).content.decode()
            assert not re.search(r"<script>alert|<img src=x|<svg/onload", html), address
            assert payload not in html or not payload.startswith("<"), address


def test_no_template_prints_markup_that_is_not_its_own():
    """What markup a text gets comes from functions that escape it piece by piece, each told to the linter (S308)."""
    for path in (site_settings.BASE_DIR / "templates").rglob("*.*"):
        assert not re.search(r"\|\s*safe|autoescape", path.read_text(encoding="utf-8")), path


def test_xml_is_read_by_one_bounded_reader():
    """One module reads it within a budget; openpyxl is given what that has read."""
    reader = re.compile(
        r"^\s*(?:from|import) (?:xml(?!\.sax\.saxutils import escape)|lxml|defusedxml|bs4|html5lib|odf)\b"
        r"|\bload_workbook\b|\biterparse\b",
        re.MULTILINE,
    )
    root, elsewhere = site_settings.BASE_DIR, ("tests", "bench", "outils", "var", "static", "templates")
    folders = [path for path in root.iterdir() if path.is_dir() and path.name not in elsewhere and path.name[0] != "."]
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(sources) > 150
    found = {str(path.relative_to(root)) for path in sources if reader.search(path.read_text(encoding="utf-8"))}
    assert found == {"socle/medias/bounded_xml.py", "socle/tableur/worksheets.py"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_no_text_adds_a_line_to_a_calendar(client, end):
    typed = f"Balise{end}ATTENDEE:mailto:x@exemple.bzh{end}END:VEVENT"
    evenement = EvenementFactory(titre=typed, resume=typed, lieu=typed)
    text = client.get(f"/agenda/{evenement.slug}.ics").content.decode()
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert "ATTENDEE" not in event
    assert "ATTENDEE:mailto" in event["DESCRIPTION"]
    assert text.count("\r\nEND:VEVENT") == 1


@pytest.mark.parametrize("unit", ["a", " ", "@", "a@", "é", "zelie "])
def test_looking_for_a_person_in_a_long_text_costs_no_more_than_its_length(unit):
    motif = Motif("zelie.kerzonfleur@exemple.bzh", ["Zélie Kerzonfleur"])
    for look in (motif.finds, _COURRIEL.findall):
        assert in_line(look, repeated(unit), 50_000)


@mostly_long("address", [FORGOTTEN, "/admin/login/", "/admin/compte/second-facteur/activer/"], one_in=3)
@pytest.mark.parametrize("typed", ["\0", "x" * 1_000_000, "\ud800", "\r\nSet-Cookie: a=b", "' OR 1=1 --", "‮"])
def test_an_odd_form_is_answered_in_words(client, address, typed):
    client.force_login(UtilisateurFactory())
    typed = typed.encode("utf-8", "surrogatepass")
    body = b"".join(b"&%s=%s" % (name, typed) for name in (b"compte", b"username", b"password", b"code", b"next"))
    response = client.post(address, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code < 500
    assert "a=b" not in str(response.cookies)


def production(tmp_path, names: str, **environment) -> dict:
    """Settings as a site has them that sets nothing but these variables."""
    environment |= {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DEBUG": "non",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "labacces.settings",
    }
    code = "import json, sys; from django.conf import settings; "
    code += "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))"
    command = [sys.executable, "-c", code, *names.split()]
    told = subprocess.run(
        command, cwd=site_settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


@pytest.mark.long
def test_production_sends_safe_cookies_over_https_only(tmp_path):
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY"
    names += " CSRF_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE SECURE_HSTS_SECONDS SECOND_FACTEUR"
    names += " SECURE_SSL_REDIRECT SESSION_COOKIE_PATH SESSION_COOKIE_DOMAIN"
    found = production(tmp_path, names)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert (found["SESSION_COOKIE_PATH"], found["SESSION_COOKIE_DOMAIN"]) == ("/", None)
    assert {found["SESSION_COOKIE_SAMESITE"], found["CSRF_COOKIE_SAMESITE"]} == {"Lax"}
    flags = [found[name] for name in found if name.endswith(("SECURE", "HTTPONLY", "REDIRECT", "FACTEUR"))]
    assert flags == [True] * 6


HSTS = "SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD"


@pytest.mark.long
@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, [False, False]),
        ({"HSTS_SOUS_DOMAINES": "oui"}, [True, False]),
        ({"HSTS_SOUS_DOMAINES": "oui", "HSTS_PRELOAD": "oui"}, [True, True]),
    ],
)
def test_what_binds_other_sites_of_the_domain_is_the_operator_s_to_ask(tmp_path, environment, found):
    assert list(production(tmp_path, HSTS, **environment).values()) == found


def test_a_refusal_is_one_line_of_the_log_and_a_fault_is_told_whole(client, monkeypatch):
    client.force_login(UtilisateurFactory())
    (console,) = [one for one in logging.root.handlers if one.name == "console"]
    monkeypatch.setattr(console, "stream", io.StringIO())
    assert client.get("/admin/comptes/utilisateur/").status_code == 403
    assert client.get("/", HTTP_HOST="evil.exemple").status_code == 400
    refusals = console.stream.getvalue()
    assert len(refusals.splitlines()) == 2
    assert "/admin/comptes/utilisateur/" in refusals
    client.raise_request_exception = False
    monkeypatch.setattr("socle.comptes.invitations.forgotten", lambda text: 1 / 0)
    assert client.post(FORGOTTEN, {"compte": "anne"}).status_code == 500
    assert "ZeroDivisionError" in console.stream.getvalue()
    assert "Traceback" in console.stream.getvalue()
    assert "Traceback" not in refusals


def some_addresses():
    return [
        "/",
        "/absente/",
        "/admin/login/",
        "/admin/",
        FORGOTTEN,
        "/media/x.pdf",
        "/projets.csv?page=zz",
        "/apercu/1/",
    ]


@pytest.mark.parametrize("staff", [False, True])
def test_every_answer_has_its_headers(client, staff):
    if staff:
        client.force_login(UtilisateurFactory(is_superuser=True))
    for address in [*some_addresses(), *(["/admin/compte/", "/admin/vie_privee/demande/add/"] if staff else [])]:
        for response in (client.get(address), client.post(address)):
            policy = response["Content-Security-Policy"]
            for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
                assert directive in policy, address
            assert "unsafe" not in policy, address
            assert response["X-Content-Type-Options"] == "nosniff", address
            assert response["Referrer-Policy"] in ("same-origin", "no-referrer"), address


def test_a_post_without_token_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UtilisateurFactory(is_superuser=True))
    projet = ProjetFactory()
    for address in (
        "/admin/login/",
        "/admin/logout/",
        FORGOTTEN,
        "/admin/compte/",
        "/admin/compte/second-facteur/",
        "/admin/compte/second-facteur/activer/",
        "/admin/vie_privee/demande/add/",
        f"/admin/projets/projet/{projet.pk}/change/",
    ):
        assert client.post(address, {"code": "1"}).status_code == 403, address
    for address in ("/", "/projets/", "/recherche/?q=a", projet.get_absolute_url()):
        assert "csrfmiddlewaretoken" not in client.get(address).content.decode(), address


@pytest.mark.parametrize("evil", ["//evil.exemple", "https://evil.exemple/", "/\\evil.exemple", "javascript:alert(1)"])
def test_logging_in_leads_nowhere_else(client, evil):
    user = UtilisateurFactory(username="anne")
    user.set_password("une phrase longue ici")
    user.save()
    response = client.post("/admin/login/", {"username": "anne", "password": "une phrase longue ici", "next": evil})
    assert "evil" not in response.get("Location", "")
    assert "javascript" not in response.get("Location", "")


def test_forged_headers_change_nothing(client):
    plain = client.get("/projets/").content
    forged = {
        "HTTP_X_FORWARDED_HOST": "evil.exemple",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
    }
    response = client.get("/projets/", **forged)
    assert response.content == plain
    assert not response.wsgi_request.is_secure()
    assert client.get("/projets/", HTTP_HOST="evil.exemple").status_code == 400


# Addresses of the desk that a visitor reaches without an account, each for a reason.
OPEN = {
    "admin/login/": 200,
    "admin/logout/": 200,  # whoever posts there is logged out, and their browser forgets what it kept
    "admin/compte/mot-de-passe-oublie/": 200,
    "admin/compte/invitation/<str:jeton>/": 404,
    "admin/compte/mot-de-passe/<str:jeton>/": 404,
}


def test_every_address_of_the_desk_is_closed_to_visitors(client):
    """A new address is closed, or has its line above."""
    desk = [route for route, *_ in every_address() if route.startswith("admin/")]
    assert len(desk) > 100
    assert set(OPEN) <= set(desk)
    for route in desk:
        address = "/" + re.sub(r"<[^>]+>", "1", re.sub(r"\(\?P<\w+>.*?\)+\$?", "projets/", route)).replace("^", "")
        for response in (client.get(address), client.post(address)):
            if route in OPEN:
                assert response.status_code in (OPEN[route], 302), route
            else:
                assert response.status_code in (302, 403, 404), route
                assert response.status_code != 302 or "/admin/" in response["Location"], route


def test_fields_that_no_form_shows_are_ignored(client):
    user = UtilisateurFactory(username="soizic", is_superuser=False)
    user.groups.set(Group.objects.filter(name=ADMINISTRATION))
    client.force_login(user)
    data = {"username": "jakez", "email": "jakez@exemple.bzh", "is_superuser": "on", "password": "x", "generation": "9"}
    data |= {"groups": Group.objects.get(name=ADMINISTRATION).pk}
    assert client.post("/admin/comptes/utilisateur/add/", data).status_code == 302
    made = Utilisateur.objects.get(username="jakez")
    # Its generation is that of whoever has just joined a group.
    assert (made.is_superuser, made.generation, made.has_usable_password()) == (False, 1, False)
    client.post(
        "/admin/vie_privee/demande/add/",
        {"courriel": "a@exemple.bzh", "objet": "copie", "recue_le": "2026-11-02", "traitee_le": "2026-11-03"},
    )
    assert made.logentry_set.count() == 0


def test_an_error_tells_nothing(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("labacces.desk_home.waiting", lambda *args: 1 / 0)
    client.force_login(UtilisateurFactory(is_superuser=True))
    response = client.get("/admin/")
    assert response.status_code == 500
    for trace in ("ZeroDivisionError", "Traceback", "labacces", ".py", "SECRET"):
        assert trace not in re.sub(r"/static/\S+", "", response.content.decode()).replace("LabAccès", ""), trace


def test_refusals_are_logged_on_one_line(client, caplog):
    client.post("/admin/login/", {"username": "anne\r\nFAUX : tout va bien", "password": "mot de passe tapé"})
    logged = [record.getMessage() for record in caplog.records if "login failure" in record.getMessage()]
    assert logged
    assert not [text for text in logged if "\n" in text or "FAUX" in text or "tapé" in text]
