"""What machines ask for: robots, site map, security contact, the root's icons, heads of pages, the data catalogue."""

import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import resolve
from django.utils import timezone
from PIL import Image
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.parsers.jsonld import to_rdf

from fiches import registre
from fiches.attached import Contact
from labacces.machines import plan
from labacces.machines.templatetags.machines import image_de_partage
from labacces.pages.models import Renseignements
from tests.addresses import patterns
from tests.conftest import TYPES, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.sampling import mostly_long, sample

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = settings.SITE_URL


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


# robots.txt


def allowed(client, address) -> bool:
    """Whether robots may ask for an address, by RFC 9309: the longest rule that matches, `Allow` among equals."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", client.get("/robots.txt").content.decode(), re.MULTILINE)
    patterns = [(len(path), kind, re.escape(path).replace(r"\*", ".*")) for kind, path in rules]
    matching = [(length, kind == "Allow") for length, kind, path in patterns if re.match(path, address)]
    return max(matching)[1]


READ = ["/", "/?LePortailDesFamilles", "/projets/", "/projets/un-portail/", "/projets/?page=2", "/projets/?apres=12"]
READ += ["/projets.csv", "/static/labacces.css", "/carte/", "/p/12", "/integrer/", "/agenda/balise/inscription/"]


def test_robots_read_records_and_no_endless_list_nor_what_a_mail_opens_nor_previews(client):
    secret = [route for route, _ in patterns() if "<str:jeton>" in route or route.startswith("apercu/")]
    assert len(secret) > 8
    unread = ["/" + re.sub(r"<[^>]+>", "1", route) for route in secret] + ["/p/12/historique/", "/admin/login/"]
    unread += ["/projets/?departement=22", "/projets/?departement=22&page=2", "/projets.csv?q=cantine"]
    unread += ["/recherche/?q=cantine", "/carte/?theme=1", "/projets/carte/?theme=1", "/integrer/projets/?theme=1"]
    assert [address for address in READ if not allowed(client, address)] == []
    assert [address for address in unread if allowed(client, address)] == []
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").content.decode().splitlines()


# sitemap.xml


def sitemap(client, address) -> list[dict[str, str]]:
    """Its entries, as {element: text}; what the XSD of sitemaps.org asks for is checked."""
    data = body(client.get(address))
    root = ET.fromstring(data)
    entry = {"sitemapindex": "sitemap", "urlset": "url"}[root.tag.removeprefix(SITEMAP)]
    assert len(root) <= 50_000
    assert len(data) <= 50_000_000
    assert {child.tag for child in root} <= {f"{SITEMAP}{entry}"}
    found = [{one.tag.removeprefix(SITEMAP): one.text for one in child} for child in root]
    for one in found:
        assert list(one) in (["loc"], ["loc", "lastmod"])
        assert 12 <= len(one["loc"]) <= 2048
        assert one["loc"].startswith(f"{SITE}/")
        assert "lastmod" not in one or datetime.fromisoformat(one["lastmod"]).tzinfo
    return found


def whole(client) -> list[dict[str, str]]:
    files = [one["loc"].removeprefix(SITE) for one in sitemap(client, "/sitemap.xml")]
    return [one for file in files for one in sitemap(client, file)]


@pytest.mark.long
def test_the_site_map_names_every_public_record_once_and_no_draft(client):
    fiches = [factory_of(one.model)() for one in TYPES.values() for _ in range(3)]
    drafts = [factory_of(one.model)(draft=True) for one in TYPES.values()]
    addresses = [one["loc"].removeprefix(SITE) for one in whole(client)]
    assert len(addresses) == len(set(addresses))
    assert "/carte/" in addresses
    assert {fiche.get_absolute_url() for fiche in fiches} <= set(addresses)
    assert not {fiche.get_absolute_url() for fiche in drafts} & set(addresses)
    assert len([one for one in addresses if resolve(one).url_name == "detail"]) == len(fiches)
    for address in addresses:
        assert "?" not in address
        response = client.get(address)
        assert response.status_code == 200, address
        assert 'name="robots"' not in response.content.decode(), address


def test_a_day_of_change_is_told_only_where_it_is_known(client):
    known, unknown = ProjetFactory(), ProjetFactory()
    type(unknown.entree).objects.filter(pk=unknown.pk).update(datee=False)
    told = {one["loc"].removeprefix(SITE): one.get("lastmod") for one in whole(client)}
    assert datetime.fromisoformat(told[known.get_absolute_url()]) == known.modifiee_le.replace(microsecond=0)
    assert told[unknown.get_absolute_url()] is None


def test_a_long_list_is_cut_into_files_and_one_that_holds_nothing_is_not_there(client, monkeypatch):
    monkeypatch.setattr(plan, "PAR_FICHIER", 2)
    fiches = [ProjetFactory() for _ in range(5)]
    files = [one["loc"].removeprefix(SITE) for one in sitemap(client, "/sitemap.xml")]
    assert [file for file in files if "projet" in file] == [f"/sitemap-projet-{number}.xml" for number in (1, 2, 3)]
    for number, part in enumerate((fiches[:2], fiches[2:4], fiches[4:]), 1):
        found = [one["loc"].removeprefix(SITE) for one in sitemap(client, f"/sitemap-projet-{number}.xml")]
        assert found == [fiche.get_absolute_url() for fiche in part]
    for nothing in ("projet-0", "projet-4", "projet-99999999999999999999", "absent-1", "terme-1"):
        assert client.get(f"/sitemap-{nothing}.xml").status_code == 404, nothing


# security.txt, icons


def test_security_txt_says_where_to_write_and_until_when(client, settings):
    address = "/.well-known/security.txt"
    response = client.get(address)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert set(told) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert (told["Contact"], told["Canonical"]) == (f"{SITE}/contacter/", f"{SITE}{address}")
    assert timedelta(days=30) < datetime.fromisoformat(told["Expires"]) - timezone.now() < timedelta(days=365)
    settings.CONTACT_SECURITE = "mailto:securite@exemple.bzh"
    assert "Contact: mailto:securite@exemple.bzh\n" in client.get(address).content.decode()


def test_the_icons_that_browsers_look_for_are_at_the_root(client):
    icon = Image.open(io.BytesIO(body(client.get("/favicon.ico"))))
    assert (icon.format, icon.info["sizes"]) == ("ICO", {(16, 16), (32, 32), (48, 48)})
    apple = Image.open(io.BytesIO(body(client.get("/apple-touch-icon.png"))))
    assert (apple.format, apple.size) == ("PNG", (180, 180))


# Heads


def head(page) -> dict[str, str]:
    """{property or name: content} of its meta tags."""
    return {
        one.attributes.get("property") or one.attributes.get("name", ""): one.attributes.get("content", "")
        for one in page.all("meta")
    }


@some_types
def test_a_page_says_to_who_shares_it_what_it_is(read, declaration):
    fiche = factory_of(declaration.model)(titre='Portail "famille" <b> & cie')
    for address, kind in ((declaration.lien, "website"), (fiche.get_absolute_url(), "article")):
        page = read(address)
        told = head(page)
        assert " ".join(told["og:title"].split()) == page.one("title").text.removesuffix(" | LabAccès")
        assert told["og:description"] == told["description"]
        assert (told["og:type"], told["og:url"]) == (kind, f"{SITE}{address}")
        assert told["og:image:alt"] == f"LabAccès, {declaration.titre}"
        path = Path(finders.find(told["og:image"].removeprefix(f"{SITE}/static/")))
        with Image.open(path) as image:  # as networks want it
            assert (image.format, image.size) == ("PNG", (1200, 630))
        assert path.stat().st_size <= 40_000


def test_a_type_whose_picture_is_not_drawn_yet_is_shared_under_the_site_s():
    assert image_de_partage(TYPES["projet"]) == f"{SITE}/static/partage/projet.png"
    assert image_de_partage(replace(TYPES["projet"], cle="inconnu")) == f"{SITE}/static/partage/site.png"


@mostly_long(
    ("asked", "told"),
    {
        "/?utm_source=lettre": "/",
        "/projets/?page=2": "/projets/",
        "/projets/?fbclid=x&utm_source=y": "/projets/",
        "/projets/?departement=22&page=2&pk_campaign=z": "/projets/?departement=22",
        "/projets/?departement=zz": "/projets/",
        "/projets/?departement=22&tri=montant-croissant": "/projets/?departement=22",
        "/projets/?fiche=1&fiche=2": "/projets/",
        "/projets/carte/?montrer=montant": "/projets/carte/",
        "/projets/tableau/?colonnes=titre&tri=montant-croissant": "/projets/tableau/",
    }.items(),
    one_in=3,
)
def test_a_page_has_one_address(read, places, asked, told):
    ThemeFactory(nom="Cantine")
    ProjetFactory(departement_id="22")
    assert read(asked).one("link", rel="canonical")["href"] == f"{SITE}{told}"


def test_what_is_nobody_else_s_is_not_made_to_be_shared(client, read, anne):
    draft = ProjetFactory(draft=True)
    for address in ("/contacter/", "/exploration/", "/inscription/nouveau-lien/", f"/apercu/{draft.pk}/"):
        page = read(address)
        assert head(page)["robots"] == "noindex"
        assert not page.all("link", rel="canonical")
        assert "og:url" not in head(page)
        assert not page.all("script", type="application/ld+json")


# The data catalogue


def graph(client, form="ttl") -> Graph:
    """The catalogue, read without fetching anything."""
    text = body(client.get(f"/catalogue.{form}")).decode()
    found = Graph()
    if form == "jsonld":
        to_rdf(json.loads(text), found)
        return found
    return found.parse(data=text, format={"ttl": "turtle", "rdf": "xml"}[form])


@pytest.mark.long
def test_the_three_forms_of_the_catalogue_say_the_same_and_a_licence_only_if_the_operator_named_one(client):
    ProjetFactory(themes=[ThemeFactory(nom='Cantine "à" <1 €>')])
    assert not list(graph(client).objects(None, DCTERMS.license))
    Renseignements.objects.create(pk=Renseignements.KEY, licence="lo-2.0")
    turtle = graph(client)
    (licence,) = {*turtle.objects(None, DCTERMS.license)}
    assert licence == URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence")
    assert (next(turtle.subjects(RDF.type, DCAT.Distribution)), DCTERMS.license, licence) in turtle
    for form in ("jsonld", "rdf"):
        assert isomorphic(turtle, graph(client, form)), form


@pytest.mark.long
def test_the_catalogue_holds_what_dcat_ap_asks_for(client):
    """Compulsory: title, description and publisher of the catalogue, the first two of a dataset, the URL of a file."""
    for one in TYPES.values():
        factory_of(one.model)()
    found = graph(client)
    (catalog,) = found.subjects(RDF.type, DCAT.Catalog)
    (publisher,) = found.objects(catalog, DCTERMS.publisher)
    assert (publisher, RDF.type, FOAF.Agent) in found
    assert found.value(publisher, FOAF.name)
    datasets = list(found.objects(catalog, DCAT.dataset))
    assert len(datasets) == len(registre.types())
    for dataset in datasets:
        assert (dataset, RDF.type, DCAT.Dataset) in found
        assert len(found.value(dataset, DCTERMS.description)) >= 50
        assert found.value(dataset, DCTERMS.description).language == "fr"
        for wanted in (DCTERMS.title, DCTERMS.spatial, DCTERMS.modified, DCTERMS.publisher, DCTERMS.identifier):
            assert found.value(dataset, wanted), wanted
        for several in (DCAT.keyword, DCAT.theme, DCAT.contactPoint, DCAT.landingPage, DCAT.distribution):
            assert list(found.objects(dataset, several)), several
        for distribution in sample(sorted(found.objects(dataset, DCAT.distribution)), one_in=3):
            address = str(found.value(distribution, DCAT.downloadURL))
            assert found.value(distribution, DCAT.accessURL)
            response = client.get(address.removeprefix(SITE))
            mime = str(found.value(distribution, DCAT.mediaType)).partition("media-types/")[2]
            assert (response.status_code, response["Content-Type"].partition(";")[0]) == (200, mime)
    for link in {*found.objects(None, DCAT.landingPage)}:
        assert client.get(str(link).removeprefix(SITE)).status_code == 200


def test_nothing_for_machines_tells_of_persons(client):
    """But for those whom the site names to everybody."""
    fiche = ProjetFactory(draft=True)
    Contact.objects.create(entree=fiche.entree, nom="Ysoline Kerbrat", courriel="ysoline.kerbrat@exemple.bzh")
    fiche.change({"statut": "publiee"}, reason="essai")
    oembed = f"/oembed?url={SITE}/p/{fiche.pk}"
    addresses = ["/robots.txt", "/.well-known/security.txt", "/sitemap-projet-1.xml", "/catalogue.jsonld", oembed]
    for address in [*addresses, fiche.get_absolute_url(), f"/integrer/fiche/{fiche.pk}/", "/integrer/projets/"]:
        text = body(client.get(address)).decode().casefold()
        assert "kerbrat" not in text, address
        assert "@exemple.bzh" not in text, address
