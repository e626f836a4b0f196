"""The API: the records of the files, typed, whole, in the same order; errors that a program can read."""

import io
import json
import re
import urllib.request
from datetime import date, datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from fiches import registre
from labacces.recherche import SITE
from socle.catalogue.cursors import Curseur
from tests.conftest import csv_rows, load_places, make_many_projets
from tests.factories import ThemeFactory, factory_of
from tests.fiches.tableur import full
from tests.projets.test_hostile import CHOSEN, generated
from tests.sampling import mostly_long
from tests.vues.lecture import PROBLEME, PROJETS, get

pytestmark = pytest.mark.django_db
ALL = [*registre.types(), SITE]
DEPARTEMENTS, AMOUNTS = ["22", "29", "35", "56"], [0, None, 1500, 9999.5, 30000, 60000]


def walk(client, address):
    """All records of a list, page by page."""
    found = []
    while address:
        page = get(client, address)
        found += page["resultats"]
        assert page["suivant"] is None or page["resultats"]
        address = page["suivant"]
    return found


def in_words(value) -> str:
    """A value as a CSV has it, but for the zeros of amounts."""
    if isinstance(value, list):
        return " | ".join(value)
    return "" if value is None else str(value)


def same(cell: str, value) -> bool:
    if isinstance(value, bool):
        return cell == ("oui" if value else "non")
    if isinstance(value, int | float):
        return float(cell) == value
    return cell == in_words(value)


@pytest.fixture(scope="module")
def _site(kept):
    load_places()
    themes = [ThemeFactory(nom="Accueil"), ThemeFactory(nom="Cantine")]
    make_many_projets(
        {
            "titre": f"VILLE {number % 7} - Accueil {number}",
            "collectivite": f"Ville {number % 7}",
            "departement_id": DEPARTEMENTS[number % 4],
            "montant_eur": AMOUNTS[number % 6],
            "themes": themes[: number % 3],
        }
        for number in range(60)
    )
    for declaration in registre.types():
        full(declaration)
        factory_of(declaration.model)(titre="Presque vide", themes=[])


@pytest.fixture
def site(_site, db):
    """Sixty projects, and of each type a record that says all and one that says nearly nothing."""


# Records


@mostly_long("declaration", ALL, ids=lambda one: one.adresse, one_in=3)
def test_each_list_holds_the_records_of_its_file_typed(client, site, declaration):
    rows = csv_rows(client.get(f"/{declaration.adresse}.csv"))
    found = walk(client, f"/api/v1/{declaration.adresse}?limite=25")
    assert len(rows) == len(found) >= 2
    for row, record in zip(rows, found, strict=True):
        assert list(row) == list(record)
        assert {nom for nom in row if not same(row[nom], record[nom])} == set()
    assert get(client, f"/api/v1/{declaration.adresse}/{found[0]['identifiant']}") == found[0]
    facets, selection = (
        get(client, f"/api/v1/{declaration.adresse}/facettes"),
        client.get(declaration.lien).context["selection"],
    )
    assert {name: {one["valeur"]: one["compte"] for one in values} for name, values in facets.items()} == {
        name: {one.valeur: one.compte for one in selection.options(name)} for name in selection.facets
    }


def test_the_next_part_is_a_whole_address_in_the_answer_and_in_its_header(client, site, settings):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    response = client.get(f"{PROJETS}?departement=22&departement=29&limite=2&utm_source=x")
    following = json.loads(response.content)["suivant"]
    last = json.loads(response.content)["resultats"][-1]["identifiant"]
    address, _, cursor = following.rpartition("&apres=")
    assert address == f"https://labacces.exemple.bzh{PROJETS}?departement=22&departement=29&limite=2"
    assert Curseur.read(cursor).pk == last
    monitor = '<https://labacces.exemple.bzh/api/v1/changements>; rel="monitor"'
    assert response["Link"] == f'<{following}>; rel="next", {monitor}'
    assert len(get(client, PROJETS)["resultats"]) == 50, "where nothing is said"
    whole = client.get(f"{PROJETS}?limite=1000")
    assert json.loads(whole.content)["suivant"] is None
    assert whole["Link"] == monitor


# The document


@pytest.fixture
def document(client, site):
    return get(client, "/api/v1/openapi.json")


@pytest.mark.long
def test_the_document_is_openapi(document):
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert len(document["paths"]) == 3 * len(ALL) + 1


@mostly_long("declaration", ALL, ids=lambda one: one.adresse, one_in=3)
def test_what_is_answered_is_what_the_document_says(client, document, declaration):
    address = f"/api/v1/{declaration.adresse}"
    pk = get(client, address)["resultats"][0]["identifiant"]
    for path, asked in (
        (address, address),
        (f"{address}/facettes", f"{address}/facettes"),
        (f"{address}/{{pk}}", f"{address}/{pk}"),
    ):
        responses = document["paths"][path]["get"]["responses"]
        conforms(document, responses["200"], get(client, asked))
        fault = 404 if path.endswith("}") else 400
        refused = get(client, f"{address}/999999" if fault == 404 else f"{asked}?departement=%00", fault)
        conforms(document, responses[str(fault)], refused)
    fields = resolved(document, document["paths"][address]["get"]["responses"]["200"])["properties"]
    record = document["components"]["schemas"][fields["resultats"]["items"]["$ref"].rpartition("/")[2]]
    columns = [*(column.nom for column in declaration.liste().get_columns()), "licence"]
    assert list(record["properties"]) == columns == record["required"]


def resolved(document, response):
    """The schema of a response."""
    (content,) = response["content"].values()
    schema = content["schema"]
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def conforms(document, response, value):
    schema = resolved(document, response) | {"components": document["components"]}
    checker = FormatChecker()
    checker.checks("date", ValueError)(lambda text: text is None or bool(date.fromisoformat(text)))
    checker.checks("date-time", ValueError)(lambda text: text is None or datetime.fromisoformat(text).tzinfo)
    Draft202012Validator(schema, format_checker=checker).validate(value)


@pytest.mark.long
def test_each_filter_is_a_parameter_and_what_it_says_is_true(client, document):
    for declaration in ALL:
        operation = document["paths"][f"/api/v1/{declaration.adresse}"]["get"]
        named = {one["name"]: one for one in operation["parameters"]}
        filters = declaration.liste.filterset_class.base_filters
        assert named.keys() == {*filters, "tri", "limite", "apres"}
        for name, one in named.items():
            schema = one["schema"].get("items", one["schema"])
            values = [*schema.get("enum", ()), *schema.get("examples", ())]
            assert one["description"][:1].isupper()
            for value in values:
                get(client, f"/api/v1/{declaration.adresse}?{urlencode({name: value})}")


# Errors


@mostly_long("query", [*CHOSEN, *generated()][::5], one_in=10)
def test_whatever_is_asked_is_answered_or_refused_in_json(client, site, query):
    elsewhere = re.search(r"(^|&)(page|excel|apres|limite)=", query)
    elsewhere = elsewhere or not all(value.strip() for _, value in parse_qsl(query, keep_blank_values=True))
    for end in ("", "/facettes"):
        response = client.get(PROJETS + end, QUERY_STRING=query)
        assert response.status_code in (200, 400), query
        assert response["Content-Type"] == ("application/json" if response.status_code == 200 else PROBLEME)
        assert json.loads(response.content)
        assert elsewhere or response.status_code == client.get("/projets.csv", QUERY_STRING=query).status_code


def test_each_fault_is_told_with_its_parameter(client, site):
    said = get(client, f"{PROJETS}?departement=zz&montant_min=beaucoup&limite=0&apres=x&page=2&inconnu=1&tri=y", 400)
    assert said["status"] == 400
    assert all(one["message"] for one in said["parametres"])
    for asked in (
        "departement=",
        "q=+",
        "theme=accueil&theme=",
        "limite=1001",
        "limite=²",
        f"apres={2**63}",
        "apres=0",
    ):
        get(client, f"{PROJETS}?{asked}", 400)
    told = {one["nom"]: one["message"] for one in said["parametres"]}
    assert told.keys() == {"apres", "departement", "inconnu", "limite", "montant_min", "page", "tri"}
    assert "/api/v1/projets/facettes" in told["departement"]
    assert "recent" in told["tri"]
    assert "montant-croissant" in told["tri"]
    assert "suivant" in told["apres"]
    assert "de 1 à 1\u202f000" in told["limite"]


@pytest.mark.parametrize(("name", "code"), [("Finistère", "29"), ("finistere", "29"), ("Côtes-d'Armor", "22")])
def test_a_value_is_asked_by_its_name_too(client, site, name, code):
    asked = urlencode({"departement": name, "limite": 2})
    assert get(client, f"{PROJETS}?{asked}") == get(client, f"{PROJETS}?departement={code}&limite=2")


def test_no_error_is_a_page(client, site, settings, tmp_path, monkeypatch):
    for address in ("/api/v1/absente", f"{PROJETS}/x", f"{PROJETS}/1/2", "/api/v1/%00"):
        assert get(client, address, 404)["title"] == "Introuvable"
    strict = Client(enforce_csrf_checks=True)
    for address in (PROJETS, f"{PROJETS}/1", "/api/v1/", "/api/v1/openapi.json"):
        for method in (strict.post, strict.put, strict.patch, strict.delete):
            response = method(address)
            assert (response.status_code, response["Content-Type"]) == (405, PROBLEME)
            assert response["Allow"] == "GET, HEAD, OPTIONS"
    get(client, PROJETS, 400, headers={"host": "ailleurs.exemple"})
    response = client.post(PROJETS, b"x", content_type="text/plain", CONTENT_LENGTH="99999999")
    assert (response.status_code, response["Content-Type"]) == (405, PROBLEME)
    monkeypatch.setattr("socle.vues.api.as_api", lambda view, selection: 1 / 0)
    client.raise_request_exception = False
    assert "ZeroDivision" not in json.dumps(get(client, PROJETS, 500))
    settings.MAINTENANCE = tmp_path
    response = client.get(PROJETS)
    assert (response.status_code, response["Retry-After"], response["Content-Type"]) == (503, "300", PROBLEME)


# For people


def test_a_list_offers_its_api_with_what_was_asked(read, site):
    links = [a["href"] for a in read("/projets/?departement=22&tri=recent").one(class_="emporter").all("a")]
    assert f"{PROJETS}?departement=22&tri=recent" in links


def test_the_first_page_leads_to_each_list_and_to_the_document(read, site):
    page = read("/api/v1/")
    links = {a["href"] for a in page.one("main").all("a")}
    assert {reverse(f"api:{declaration.espace}") for declaration in ALL} <= links
    assert {"/api/v1/openapi.json", "/contacter/", "/mentions-legales/"} <= links
    assert "Projets France Relance (62)" in page.text
    assert "montant_min" in {name for code in page.one("main").all("code") for name in code.text.split(", ")}
    assert "/api/v1/" in {a["href"] for a in read("/").one("footer").all("a")}


def test_a_program_that_wants_json_is_told_the_lists(client, site):
    response = client.get("/api/v1/", headers={"accept": "application/json"})
    assert "Accept" in response["Vary"]
    lists = json.loads(response.content)["listes"]
    assert lists[0]["total"] == 62
    assert client.get("/api/v1/", headers={"accept": "*/*"})["Content-Type"].startswith("text/html")


def test_the_program_in_python_that_the_page_shows_reads_the_whole_list(client, read, site, monkeypatch, capsys):
    python, *_ = map(unescape, re.findall(r"<code>([^<]*)</code></pre>", read("/api/v1/").html))
    monkeypatch.setattr(urllib.request, "urlopen", lambda address: io.BytesIO(client.get(address).content))
    exec(python, {})
    count, total = re.fullmatch(r"(\d+) fiches sur (\d+)\n", capsys.readouterr().out).groups()
    assert int(count) == int(total) >= 60
