"""A page that has not changed is not made again; one that has is never taken for it."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from fiches.lists import Theme
from socle.memoire import conditional
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

PAGES = ["/", "/projets/", "/projets/?q=portail", "/projets.csv", "/recherche/?q=portail", "/agenda/", "/plan-du-site/"]


def again(client, address, etag):
    return client.get(address, headers={"if-none-match": etag}).status_code


@pytest.mark.parametrize("address", PAGES)
def test_who_holds_a_page_is_told_that_it_has_not_changed(client, address):
    ProjetFactory(titre="Un portail")
    first = client.get(address)
    assert first.status_code == 200
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" in first["Vary"]
    assert not first.cookies
    assert again(client, address, first["ETag"]) == 304
    assert client.head(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    ProjetFactory(titre="Un autre portail")
    assert again(client, address, first["ETag"]) == 200


def test_a_sheet_follows_what_its_page_says(client):
    theme = ThemeFactory(nom="Portail famille")
    page = ProjetFactory(titre="Un portail", themes=[theme]).get_absolute_url()
    etag = client.get(page)["ETag"]
    assert again(client, page, etag) == 304
    Theme.objects.update(nom="Cimetière")
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


def test_each_address_has_its_own(client):
    assert len({client.get(page)["ETag"] for page in PAGES}) == len(PAGES)


def test_whoever_has_a_session_is_answered_for_themselves(client):
    etag = client.get("/projets/")["ETag"]
    client.force_login(UtilisateurFactory(is_superuser=True))
    page = client.get("/projets/", headers={"if-none-match": etag})
    assert page.status_code == 200
    assert "ETag" not in page
    assert "public" not in page.get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/projets/rien/", "/rien/", "/admin/login/", "/contacter/"])
def test_what_is_no_public_page_is_kept_by_nobody(client, address):
    assert "ETag" not in client.get(address)


def test_a_logo_that_the_operator_puts_down_is_seen(client, settings, tmp_path):
    settings.LOGOS = tmp_path
    etag = client.get("/projets/")["ETag"]
    (tmp_path / "1 Région Bretagne.svg").write_text("<svg/>")
    assert again(client, "/projets/", etag) == 200


def test_files_that_pages_are_made_of_make_the_release(settings, tmp_path):
    settings.CODE_DU_SITE = [tmp_path]
    found = []
    for name in ("code.py", "page.html", "faits.json", "mots.mo", "cache.pyc"):
        (tmp_path / name).write_text(name)
        conditional.release.cache_clear()
        found.append(conditional.release())
    conditional.release.cache_clear()
    assert len(set(found)) == 4  # what is compiled follows from the code


def test_every_process_gives_a_page_the_same_one_until_the_settings_change():
    told = [_release(PYTHONHASHSEED=seed) for seed in "12"]
    assert told[0] == told[1] != _release(PYTHONHASHSEED="1", ORGANISME_NOM="Une autre maison")


def _release(**environment) -> str:
    """What the code and the settings are at, as a process of the site says it."""
    command = "import django; django.setup(); from socle.memoire.conditional import release; print(release())"
    site = {"DJANGO_SETTINGS_MODULE": "labacces.settings", "SECRET_KEY": "une-cle-d-essai", "DATABASE_URL": "sqlite://"}
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=settings.BASE_DIR,
        env=os.environ | site | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
