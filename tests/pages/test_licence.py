"""The licence that the operator chooses, wherever records leave the site, and how one of them is cited."""

import csv
import io
import json
from datetime import date
from importlib import import_module
from unittest.mock import Mock
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import connection

from fiches.citation import citation
from labacces.pages.models import Renseignements
from socle.comptes.roles import ANIMATION
from socle.vues.licence import CONNUES
from tests.conftest import as_read, some_types
from tests.factories import ProjetFactory, factory_of
from tests.factories.participants import EvenementFactory
from tests.projets.formulaire import resent

pytestmark = pytest.mark.django_db

FORM = "/admin/pages/renseignements/1/change/"
CC = "https://creativecommons.org/licenses/by-sa/4.0/"
FILES = [
    *("/projets.csv", "/projets.csv?excel=1", "/projets.json", "/projets.jsonl", "/projets.geojson", "/projets.xlsx"),
    *("/projets.ods", "/projets.atom", "/agenda.ics", "/projets/chiffres.csv", "/recherche.json"),
    *("/projets/subventions.csv", "/api/v1/projets", "/api/v1/projets/facettes"),
]


def choose(**said):
    Renseignements.objects.update_or_create(pk=Renseignements.KEY, defaults=said)


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response)


def foot(client) -> str:
    return as_read(client.get("/projets/")).partition('class="pied"')[2]


@pytest.mark.long
def test_nothing_is_said_of_a_licence_as_long_as_nobody_has_chosen_one(client):
    ProjetFactory()
    assert "La licence des fiches reste à choisir" in foot(client)
    for address in FILES:
        response = client.get(address)
        assert 'rel="license"' not in response.get("Link", ""), address
        assert b"licenses" not in body(response), address
    assert json.loads(body(client.get("/projets.json")))["licence"] is None
    assert "license" not in client.get("/api/v1/openapi.json").json()["info"]


@pytest.mark.long
def test_every_file_feed_and_answer_says_the_licence_that_was_chosen(client, read, places):
    projet = ProjetFactory(departement_id="22")
    EvenementFactory()
    choose(licence="cc-by-sa-4.0")
    for address in (*FILES, f"/api/v1/projets/{projet.pk}"):
        assert f'<{CC}>; rel="license"' in client.get(address)["Link"], address
    (row,) = csv.DictReader(io.StringIO(body(client.get("/projets.csv")).decode()))
    assert row["licence"] == "CC BY-SA 4.0"
    assert json.loads(body(client.get("/projets.jsonl")))["licence"] == "CC BY-SA 4.0"
    said = {"nom": "CC BY-SA 4.0", "adresse": CC}
    for address in ("/projets.json", "/projets.geojson", "/api/v1/projets"):
        document = json.loads(body(client.get(f"{address}?departement=22")))
        assert document["licence"] == said
        assert document["source"].endswith("/projets/?departement=22")
    atom = ElementTree.fromstring(body(client.get("/projets.atom")))
    assert atom.findtext("{http://www.w3.org/2005/Atom}rights") == "CC BY-SA 4.0"
    assert CC in [link.get("href") for link in atom.findall("{http://www.w3.org/2005/Atom}link[@rel='license']")]
    assert b"Licence : CC BY-SA 4.0" in body(client.get("/agenda.ics"))
    assert client.get("/api/v1/openapi.json").json()["info"]["license"] == {"name": "CC BY-SA 4.0", "url": CC}
    assert read("/projets/").one("footer").one("a", rel="license")["href"] == CC
    assert f'"license":"{CC}"' in client.get(projet.get_absolute_url()).content.decode()
    assert read("/mentions-legales/").one("main").one("a", href=CC).text == "CC BY-SA 4.0"


def test_pages_say_the_licence_or_that_none_is_chosen(read):
    assert "Aucune licence n’est encore choisie" in read("/mentions-legales/").text
    assert "La licence des fiches reste à choisir" in read("/").one("footer").text
    choose(licence="lo-2.0")
    assert "licence Licence" not in read("/api/v1/").text
    assert "Licence des fiches : Licence Ouverte 2.0." in read("/api/v1/").one("main").text
    assert "Aucune licence" not in read("/mentions-legales/").text
    assert "Licence Ouverte 2.0" in read("/").one("footer").text


def test_another_licence_is_printed_as_it_was_written_and_leads_to_the_page_that_says_it(client, settings):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    ProjetFactory()
    choose(licence="autre", licence_autre="Usage libre, en citant la Région.")
    assert json.loads(body(client.get("/projets.json")))["licence"] == {
        "nom": "Usage libre, en citant la Région.",
        "adresse": "https://labacces.exemple.bzh/mentions-legales/",
    }
    assert "Usage libre, en citant la Région." in foot(client)
    assert "dct:rights" in client.get("/catalogue.jsonld").content.decode()
    choose(licence_autre="licence ouverte 2.0 (Etalab)")  # one of the list, in other words
    assert "etalab.gouv.fr" in client.get("/projets.csv")["Link"]


@pytest.mark.long
@pytest.mark.parametrize("said", ["Usage libre\x0b, collé d’un traitement de texte", '<b>Libre</b> & "gratuit"; \x01'])
def test_no_licence_breaks_a_feed_or_a_file(client, places, said):
    ProjetFactory(departement_id="22")
    EvenementFactory()
    choose(licence="autre", licence_autre=said)
    for address in (*FILES, "/catalogue.rdf", "/catalogue.ttl"):
        assert body(client.get(address)), address
    assert said[:4] in "".join(ElementTree.fromstring(body(client.get("/projets.atom"))).itertext())
    assert "<b>Libre" not in client.get("/projets/").content.decode()


def test_the_operator_chooses_it_at_the_desk_or_writes_another(client, enter):
    enter(ANIMATION)
    page = as_read(client.get(FORM))
    for words in ("Licence Ouverte 2.0", "ODbL", "CC BY 4.0", "CC BY-SA 4.0", "l’ancien wiki lie toujours les textes"):
        assert words in page
    assert Renseignements.given().licence == ""

    def posted(**changes):
        return client.post(FORM, resent(client.get(FORM), **changes))

    assert posted(licence="lo-2.0").status_code == 302
    assert "Licence Ouverte 2.0" in foot(client)
    assert "choisissez-en une dans la liste" in as_read(posted(licence="autre"))
    assert "n’est imprimé que si" in as_read(posted(licence="lo-2.0", licence_autre="Domaine public"))
    assert posted(licence="autre", licence_autre="Domaine public").status_code == 302
    assert "licence" not in ", ".join(Renseignements.given().missing())


def test_a_licence_given_in_words_before_stays_in_these_words():
    choose(licence="", licence_autre="CC0, tout est à vous")
    migration = import_module("labacces.pages.migrations.0004_licence_deja_donnee")
    editor = Mock(connection=connection)
    migration.text_as_other(apps, editor)
    assert Renseignements.given().licence_choisie.nom == "CC0, tout est à vous"
    choose(licence="cc-by-4.0", licence_autre="")
    migration.choice_as_text(apps, editor)
    assert Renseignements.given().licence_autre == "CC BY 4.0"


# Citing


def test_each_sheet_says_how_to_cite_it(read, settings, monkeypatch):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    monkeypatch.setattr("fiches.citation.timezone.localdate", lambda *when: date(2026, 12, 1))
    projet = ProjetFactory(titre="BERRIC - Un portail", collectivite="BERRIC")
    choose(licence="lo-2.0")
    texte, bibtex = read(projet.get_absolute_url()).one("details", class_="citer").all("pre")
    address = f"https://labacces.exemple.bzh/p/{projet.pk}"
    assert " ".join(texte.text.split()) == (
        f"Berric, « Un portail », LabAccès, fiche {projet.pk}, {address}, consultée le 1er décembre 2026. "
        "Licence Ouverte 2.0."
    )
    for line in ('author = "{Berric}"', 'title = "{Un portail}"', f'url = "{address}"', 'urldate = "2026-12-01"'):
        assert line in bibtex.text
    assert bibtex.text.startswith(f"@misc{{labacces{projet.pk},")


@some_types
def test_what_one_may_do_with_a_sheet_leads_to_how_it_is_cited(read, declaration):
    page = read(factory_of(declaration.model)().get_absolute_url())
    (link,) = [a for a in page.one("div", class_="outils").all("a") if a.text == "Citer"]
    assert link["href"] == "#citer"
    fold = page.one("details", class_="citer")
    assert fold.one("summary").text == "Citer cette fiche"
    assert fold.one("div", id="citer"), "inside the fold, or browsers leave it closed"


@pytest.mark.parametrize(
    ("said", "cle"),
    [
        ("Données sous Licence Ouverte 2.0", "lo-2.0"),
        ("LICENCE OUVERTE V2.0 (Etalab)", "lo-2.0"),
        ("Licence ouverte, version 2.0", "lo-2.0"),
        ("la licence CC-BY-SA 4.0 de Creative Commons", "cc-by-sa-4.0"),
        ("CC BY 4.0", "cc-by-4.0"),
        ("CC BY-NC 4.0", ""),
        ("Licence Ouverte 2.0 ou ODbL 1.0", ""),  # which one?
        ("Licence Ouverte 2.01", ""),
        ("Usage libre", ""),
    ],
)
def test_a_licence_in_words_that_name_a_known_one_has_its_address(settings, said, cle):
    known = Renseignements(licence="autre", licence_autre=said).licence_choisie
    assert (known.cle, known.nom) == (cle, said)
    assert known.adresse == (CONNUES[cle].adresse if cle else f"{settings.SITE_URL}/mentions-legales/")


def test_no_title_breaks_the_bibtex(client):
    said = citation(ProjetFactory(titre="100 % des {droits} & _tout_ \\ #1 ~ ^ $")).bibtex
    assert r'title = "{100 \% des \textbraceleft{}droits\textbraceright{} \& \_tout\_' in said
    assert r"\textbackslash{}" in said


@pytest.mark.parametrize("titre", ["Un } puis {", "{{{", "\\}", 'Un "mot"'])
def test_braces_of_a_title_are_even_as_bibtex_counts_them(titre):
    depth, low = 0, 0
    for sign in citation(ProjetFactory(titre=f"Fiche {titre}")).bibtex.partition("{")[2].removesuffix("}"):
        depth += (sign == "{") - (sign == "}")
        low = min(low, depth)
    assert (depth, low) == (0, 0)
