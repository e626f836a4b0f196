"""What pages of other sites may read, what OPTIONS answers, and what an address says of a method that it refuses."""

import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from fiches import registre
from labacces.middleware import is_file
from socle.courrier.texte import JETON
from tests.addresses import patterns
from tests.factories import ProjetFactory, UtilisateurFactory, factory_of
from tests.factories.participants import EvenementFactory

pytestmark = pytest.mark.django_db
ORIGIN = "Access-Control-Allow-Origin"
ELSEWHERE = {"origin": "https://exemple.bzh", "access-control-request-method": "GET"}
LIEN = f"lien-{'a' * 43}"
FILES = [
    "/projets.csv",
    "/projets.xlsx",
    "/projets.json",
    "/projets.geojson",
    "/projets.atom",
    "/recherche.atom",
    "/agenda.ics",
    "/catalogue.jsonld",
    "/catalogue.ttl",
    "/sitemap.xml",
    "/robots.txt",
    "/api/v1/",
    "/api/v1/projets",
    "/api/v1/openapi.json",
]
PAGES = ["/", "/projets/", "/recherche/", "/aide/", "/exploration/", "/contacter/", "/contribuer/projets/"]


@pytest.fixture
def document(tmp_path, settings):
    """The address of a public picture."""
    settings.MEDIA_ROOT = tmp_path
    nom = default_storage.save("ressources/image.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
    factory_of(registre.get("ressource").model)(fichier=nom)
    return f"/media/{nom}"


@pytest.mark.long
def test_pages_of_other_sites_read_each_public_file_and_its_304(client, document):
    evenement = EvenementFactory()
    oembed = f"/oembed?url={settings.SITE_URL}{ProjetFactory().get_absolute_url()}"
    for address in (*FILES, document, oembed, f"/agenda/{evenement.slug}.ics"):
        response = client.get(address, headers=ELSEWHERE)
        assert (response.status_code, response[ORIGIN]) == (200, "*"), address
        assert "Access-Control-Allow-Credentials" not in response
        assert "origin" not in response.get("Vary", "").lower()  # one answer for all: caches hold it once
        if etag := response.get("ETag"):
            again = client.get(address, headers={"if-none-match": etag})
            assert (again.status_code, again[ORIGIN]) == (304, "*"), address


def test_a_refusal_can_be_read_too(client, settings, tmp_path):
    for address in ("/projets.csv?departement=zz", "/media/rien.png", "/api/v1/rien", "/oembed?url=x"):
        response = client.get(address)
        assert response.status_code in (400, 404)
        assert response[ORIGIN] == "*", address
    assert client.get("/projets.csv", headers={"host": "ailleurs.exemple"})[ORIGIN] == "*"
    settings.MAINTENANCE = tmp_path
    assert client.get("/projets.csv")[ORIGIN] == "*"


@pytest.mark.long
def test_nothing_else_can_be_read(client, document):
    for address in (*PAGES, "/admin/", "/admin", "/admin/jsi18n/", f"/inscription/{LIEN}/agenda.ics"):
        for method in (client.get, client.options, client.post):
            assert ORIGIN not in method(address, headers=ELSEWHERE), address
    client.force_login(UtilisateurFactory(is_superuser=True))
    for address in (*FILES, *PAGES, document, "/admin/"):
        for method in (client.get, client.options, client.delete):
            assert ORIGIN not in method(address, headers=ELSEWHERE), address


def test_each_public_address_answers_options_without_its_view(client, document, django_assert_num_queries):
    with django_assert_num_queries(0):
        for address in (*FILES, document, *PAGES):
            response = client.options(address, headers=ELSEWHERE)
            assert (response.status_code, response.content) == (204, b""), address
            assert {"GET", "HEAD", "OPTIONS"} <= set(response["Allow"].split(", ")), address
            if address not in PAGES:
                assert response["Access-Control-Allow-Methods"] == response["Allow"] == "GET, HEAD, OPTIONS"
                assert response["Access-Control-Allow-Headers"] == "*"
    assert "POST" in client.options("/contribuer/projets/")["Allow"]
    assert client.options("/rien").status_code == client.options("/api/v1/rien").status_code == 404


def test_another_method_is_told_what_is_taken_in_a_sentence(document):
    strict = Client(enforce_csrf_checks=True)
    for address in (*FILES, document, "/", "/projets/", "/aide/", "/exploration/", "/files/image.png"):
        for method in (strict.post, strict.put, strict.patch, strict.delete):
            response = method(address)
            assert response.status_code == 405, address
            assert response["Allow"] == "GET, HEAD, OPTIONS"
            assert "GET, HEAD" in response.content.decode()
    said = strict.delete("/contacter/")
    assert (said.status_code, said["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert said.content.decode() == "Cette adresse ne répond qu’à GET, HEAD, OPTIONS et POST.\n"
    assert strict.post("/contribuer/projets/").status_code != 405
    assert strict.options("/files/image.png").status_code == 204  # of the old site


def test_no_address_of_a_secret_link_is_a_files():
    """Of all addresses: those with a token, and the desk, are nobody's but their person's."""
    for route, _ in patterns():
        path = "/" + re.sub(r"<str:jeton>", LIEN, route)
        if JETON.search(path):
            assert not is_file(path), path
    assert not is_file("/admin/projets/projet/1/change")
