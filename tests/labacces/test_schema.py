"""What heads of pages say in the words of schema.org: the site, lists, records of each type."""

import json
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from rdflib import RDF, SDO, Graph, URIRef
from rdflib.plugins.parsers.jsonld import to_rdf

from tests import sampling
from tests.conftest import TYPES, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.participants import EvenementFactory

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
WORDS = {*map(str, dir(SDO)), f"{SDO}query-input"}


def data(page) -> dict:
    """What a page says to machines."""
    return json.loads(page.one("script", type="application/ld+json")._text())


def graph(told: dict) -> Graph:
    """The same as a graph; schema.org's own context is not fetched: its words are those of its vocabulary."""
    assert told["@context"] == "https://schema.org"
    found = Graph()
    to_rdf(told | {"@context": {"@vocab": str(SDO)}}, found)
    return found


@some_types
def test_machines_read_a_list_and_a_record_of_every_type(client, read, places, declaration):
    theme = ThemeFactory(nom="Cantine")
    fiche = factory_of(declaration.model)(titre="Un portail", themes=[theme], fait="Un portail ouvert.")
    told = data(read(fiche.get_absolute_url()))
    subject, found = URIRef(f"{SITE}/p/{fiche.pk}"), graph(told)
    assert found.value(subject, RDF.type)
    assert str(found.value(subject, SDO.name)) == fiche.titre_affiche
    assert str(found.value(subject, SDO.url)) == f"{SITE}{fiche.get_absolute_url()}"
    page = told["mainEntityOfPage"]
    assert [one["name"] for one in page["about"]] == ["Cantine"]
    assert page["license"] == f"{SITE}/mentions-legales/"
    assert page["isPartOf"]["@id"] == f"{SITE}/#site"
    assert datetime.fromisoformat(page["dateModified"]) == fiche.modifiee_le.replace(microsecond=0)
    assert datetime.fromisoformat(page["datePublished"]) == fiche.publiee_le.replace(microsecond=0)
    liste = data(read(declaration.lien))
    assert liste["@type"] == "Dataset"
    assert 50 <= len(liste["description"]) <= 5000
    assert {"name", "license", "creator", "spatialCoverage", "includedInDataCatalog"} <= set(liste)
    assert liste["distribution"]
    for file in liste["distribution"]:
        response = client.get(file["contentUrl"].removeprefix(SITE))
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == file["encodingFormat"]
    for one in (told, liste, data(read("/"))):
        for _, predicate, value in graph(one):
            assert str(value if predicate == RDF.type else predicate) in WORDS


def test_dates_that_nobody_knows_are_left_out_and_a_filtered_list_is_no_dataset_of_its_own(read):
    projet = ProjetFactory()
    type(projet).objects.filter(pk=projet.pk).update(datee=False)
    page = data(read(projet.get_absolute_url()))["mainEntityOfPage"]
    assert not {"datePublished", "dateModified"} & set(page)
    assert not read("/projets/?q=portail").all("script", type="application/ld+json")


def test_a_project_is_a_grant(read, places):
    projet = ProjetFactory(montant_eur="12345.60", commune_id="22050", departement_id="22")
    told = data(read(projet.get_absolute_url()))
    assert told["@type"] == "MonetaryGrant"
    assert told["funder"]["name"] == "France Relance"
    assert told["amount"] == {"@type": "MonetaryAmount", "value": 12345.6, "currency": "EUR"}
    project = told["fundedItem"]
    assert project["@type"] == "Project"
    assert project["location"]["address"]["addressLocality"] == "Dinan"
    assert project["location"]["geo"]["latitude"] == pytest.approx(48.45553)
    assert "amount" not in data(read(ProjetFactory(montant_eur=0).get_absolute_url()))


def test_an_event_says_when_with_its_offset_and_whether_it_is_called_off(read):
    debut = timezone.make_aware(datetime(2026, 7, 3, 9, 30))
    evenement = EvenementFactory(debut=debut, fin=debut + timedelta(hours=2), lieu="La Grange", adresse="3 rue du Port")
    told = data(read(evenement.get_absolute_url()))
    assert (told["@type"], told["eventStatus"]) == ("Event", "https://schema.org/EventScheduled")
    assert (told["startDate"], told["endDate"]) == ("2026-07-03T09:30:00+02:00", "2026-07-03T11:30:00+02:00")
    assert (told["location"]["name"], told["location"]["address"]) == ("La Grange", "3 rue du Port")
    day = timezone.make_aware(datetime(2026, 7, 3))
    evenement.change({"annule_le": timezone.now(), "debut": day, "fin": None, "heure_connue": False})
    told = data(read(evenement.get_absolute_url()))
    assert (told["startDate"], told["eventStatus"]) == ("2026-07-03", "https://schema.org/EventCancelled")
    undated = EvenementFactory(debut=None, titre="Un jour")
    assert "startDate" not in data(read(undated.get_absolute_url()))


def test_home_says_what_the_site_is_and_how_to_search_it(client, read, settings):
    settings.ORGANISME_NOM, settings.ORGANISME_URL = "Association d’essai", "https://exemple.bzh/"
    told = data(read("/"))
    assert (told["@type"], told["url"]) == ("WebSite", f"{SITE}/")
    assert told["publisher"]["@type"] == "Organization"
    assert (told["publisher"]["name"], told["publisher"]["url"]) == ("Association d’essai", "https://exemple.bzh/")
    template = told["potentialAction"]["target"]["urlTemplate"].removeprefix(SITE)
    assert client.get(template.replace("{search_term_string}", "cantine")).status_code == 200


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "fin \u2028 de ligne \u2029",
    '"},{"@type":"Person',
]


@pytest.mark.long
@sampling.mostly_long("typed", HOSTILE, one_in=3)
def test_no_text_ends_the_data_that_hold_it(client, read, typed):
    for declaration in TYPES.values():
        fiche = factory_of(declaration.model)(titre=f"Fiche {typed}", fait=f"Fait {typed}")
        html = client.get(fiche.get_absolute_url()).content.decode()
        script = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert not set("<>&\u2028\u2029") & set(script)
        assert json.loads(script)["name"] == fiche.titre_affiche
        assert data(read(fiche.get_absolute_url()))["@id"] == f"{SITE}/p/{fiche.pk}"
