"""What readers see when something fails: in French, in the site's dress, with a way out, and without a database."""

import os

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path

from labacces.management.commands.ecrire_pages_erreur import PAGES
from labacces.urls import urlpatterns as real

ERRORS = {"400": BadRequest, "403": PermissionDenied, "500": ZeroDivisionError}


def fail(request, code):
    raise ERRORS[code]("Soizic Kerampuil")


urlpatterns = [path("panne/<str:code>/", fail), *real]


@pytest.mark.parametrize("code", ERRORS)
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_has_its_page_and_asks_no_database(code):
    """No database is open to this test: a query would fail it."""
    response = Client(raise_request_exception=False).get(f"/panne/{code}/")
    assert response.status_code == int(code)
    html = response.content.decode()
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert "Kerampuil" not in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
def test_a_missing_page_is_said_in_french_to_whoever_tries_the_site_too(client, settings, debug):
    settings.DEBUG = debug
    response = client.get("/projets/un-portail/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


@pytest.mark.parametrize("name", [*PAGES, "403_csrf"])
def test_each_error_page_is_whole_without_context(name):
    html = render_to_string(f"{name}.html")
    assert '<html lang="fr">' in html
    assert html.count("<main") == html.count("<h1>") == 1
    assert "noindex" in html


@pytest.mark.django_db
def test_a_form_that_is_refused_says_what_to_do(rf):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "Votre formulaire n’a pas été envoyé" in response.content.decode()


def test_the_site_closes_while_it_is_worked_on(client, settings, tmp_path):
    settings.MAINTENANCE = tmp_path / "maintenance"
    settings.MAINTENANCE.touch()
    for address in ("/", "/projets.csv", "/admin/"):
        response = client.get(address)
        assert response.status_code == 503
        assert int(response["Retry-After"]) > 0
        assert "maintenance" in response.content.decode()
        assert not response.cookies


def test_the_pages_can_be_written_for_the_server_in_front_and_read_by_another_account(tmp_path, capsys):
    before = os.umask(0o077)
    try:
        call_command("ecrire_pages_erreur", str(tmp_path / "www" / "labacces" / "erreurs"))
    finally:
        os.umask(before)
    assert "6 pages écrites" in capsys.readouterr().out
    for name in PAGES:
        assert "<h1>" in (tmp_path / "www/labacces/erreurs" / f"{name}.html").read_text(encoding="utf-8")
    for one in [tmp_path / "www", *(tmp_path / "www").rglob("*")]:
        wanted = 0o055 if one.is_dir() else 0o044
        assert one.stat().st_mode & wanted == wanted, one
