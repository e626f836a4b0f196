"""An unchanged page is not made again; a changed one is never taken for unchanged."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from socle.journal import conditional
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory
from tests.factories.ressources import RessourceFactory

pytestmark = pytest.mark.django_db

PAGES = ["/", "/projets/", "/projets/?q=portail", "/projets.csv", "/recherche/?q=portail", "/agenda/", "/plan-du-site/"]


def again(client, address, etag):
    return client.get(address, headers={"if-none-match": etag}).status_code


def test_who_holds_a_page_is_told_that_it_has_not_changed(client):
    ProjetFactory(titre="Un portail")
    etags = {}
    for address in PAGES:
        first = client.get(address)
        etags[address] = first["ETag"]
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Cookie" in first["Vary"]
        assert not first.cookies
        assert again(client, address, first["ETag"]) == 304
        assert client.head(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert len({*etags.values()}) == len(PAGES), "each address has its own"
    ProjetFactory(titre="Un autre portail")
    assert {again(client, *pair) for pair in etags.items()} == {200}


@pytest.mark.parametrize(
    ("address", "after"), [("/projets.csv", 304), ("/projets.json?tri=recent", 304), ("/projets.csv?q=portail", 200)]
)
def test_a_file_is_kept_while_records_of_other_types_change_but_not_a_search(client, address, after):
    ProjetFactory(titre="Un portail")
    etag = client.get(address)["ETag"]
    RessourceFactory()
    assert again(client, address, etag) == after
    assert again(client, "/projets/", client.get("/projets/")["ETag"]) == 304
    ThemeFactory()
    assert again(client, address, etag) == 200


def test_a_sheet_follows_what_its_page_says(client):
    theme = ThemeFactory(nom="Portail famille")
    page = ProjetFactory(titre="Un portail", themes=[theme]).get_absolute_url()
    etag = client.get(page)["ETag"]
    assert again(client, page, etag) == 304
    theme.nom = "Cimetière"
    theme.save()
    assert again(client, page, etag) == 200
    assert "Cimetière" in client.get(page).content.decode()


def test_days_code_and_settings_count_and_minutes_where_the_clock_does(client, monkeypatch):
    now = timezone.now().replace(hour=10, minute=30, second=0)
    monkeypatch.setattr(timezone, "now", lambda: now)
    etags = {page: client.get(page)["ETag"] for page in ("/projets/", "/agenda/")}
    now += timedelta(minutes=1)
    assert [again(client, *pair) for pair in etags.items()] == [304, 200]
    now += timedelta(days=1)
    assert again(client, "/projets/", etags["/projets/"]) == 200
    now -= timedelta(days=1)
    assert again(client, "/projets/", etags["/projets/"]) == 304
    monkeypatch.setattr(conditional, "release", lambda: "the next one")
    assert again(client, "/projets/", etags["/projets/"]) == 200


def test_whoever_has_a_session_is_answered_for_themselves(client):
    etag = client.get("/projets/")["ETag"]
    client.force_login(UtilisateurFactory(is_superuser=True))
    page = client.get("/projets/", headers={"if-none-match": etag})
    assert page.status_code == 200
    assert "ETag" not in page
    assert "public" not in page.get("Cache-Control", "")


def private(response) -> bool:
    return response["Cache-Control"] == "private, no-store"


def test_nothing_keeps_what_whoever_has_a_session_is_answered(client, settings, tmp_path):
    """Includes refusals and redirects from anywhere; static files are for everybody."""
    settings.MAINTENANCE = tmp_path / "maintenance"
    assert client.get("/projets")["Location"] == "/projets/"
    client.force_login(UtilisateurFactory(is_staff=True))
    refused = Client(enforce_csrf_checks=True)
    refused.cookies = client.cookies
    found = {
        "redirect": client.get("/projets"),
        "redirect of the API": client.get("/api/v1/projets/"),
        "404": client.get("/projets/rien/"),
        "404 of the API": client.get("/api/v1/rien"),
        "400": client.get("/projets/?departement=zz", headers={"host": "evil"}),
        "403": client.get("/admin/comptes/utilisateur/"),
        "403, CSRF": refused.post("/admin/logout/"),
        "405": client.post("/"),
        "413": client.post("/contacter/", CONTENT_LENGTH="99999999"),
        "HEAD": client.head("/projets/"),
        "completion": client.get("/recherche/completion/?q=por"),
        "robots": client.get("/robots.txt"),
    }
    settings.MAINTENANCE.touch()
    found["503"] = client.get("/")
    assert [name for name, response in found.items() if not private(response)] == []
    assert "max-age" in client.head("/favicon.ico")["Cache-Control"]


def test_the_answer_that_opens_or_ends_a_session_is_kept_by_nothing(client):
    user = UtilisateurFactory(username="anne", is_staff=True)
    user.set_password("une phrase longue ici")
    user.save()
    opened = client.post("/admin/login/", {"username": "anne", "password": "une phrase longue ici"})
    assert opened.status_code == 302
    assert settings.SESSION_COOKIE_NAME in opened.cookies
    assert private(opened)
    assert private(client.post("/admin/logout/"))
    assert not client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_file_is_kept_by_nothing_of_who_has_a_session_whole_in_part_or_unchanged(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    fiche = RessourceFactory(fichier=ContentFile(b"voix" * 100, name="voix.mp3"))
    etag = client.head(fiche.fichier.url)["ETag"]
    client.force_login(UtilisateurFactory(is_superuser=True))
    for headers, status in (({}, 200), ({"range": "bytes=0-9"}, 206), ({"if-none-match": etag}, 304)):
        response = client.get(fiche.fichier.url, headers=headers)
        response.getvalue()
        assert (response.status_code, private(response)) == (status, True)


@pytest.mark.parametrize("address", ["/projets/rien/", "/rien/", "/admin/login/", "/contacter/"])
def test_what_is_no_public_page_is_kept_by_nobody(client, address):
    assert "ETag" not in client.get(address)


@pytest.mark.long
def test_every_process_gives_a_page_the_same_one_until_the_settings_change():
    told = [_release(PYTHONHASHSEED=seed) for seed in "12"]
    assert told[0] == told[1] != _release(PYTHONHASHSEED="1", ORGANISME_NOM="Une autre maison")


def _release(**environment) -> str:
    """The release (code and settings) that a process of the site reports."""
    command = "import django; django.setup(); from socle.journal.conditional import release; print(release())"
    site = {"DJANGO_SETTINGS_MODULE": "labacces.settings", "SECRET_KEY": "une-cle-d-essai", "DATABASE_URL": "sqlite://"}
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=settings.BASE_DIR,
        env=os.environ | site | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
