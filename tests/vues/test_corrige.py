"""A word that was mended, or that was enough, is said in every output; `exact=1` asks for the word itself."""

import io
import json
import re
from html import unescape

import pytest
from django.utils.http import urlencode
from openpyxl import load_workbook

from socle.vues.toutes import vues
from tests import sampling
from tests.conftest import some_types
from tests.factories import ProjetFactory, factory_of

pytestmark = pytest.mark.django_db
TYPED, MENDED = "mediatheke", "médiathèque"
SAID = f"« {MENDED} » au lieu de « {TYPED} »"
ANY = "girouette lampadaire"
ANY_IN_A_NAME = "au-moins-un-mot-de-girouette-lampadaire-"
IN_A_NAME = f"mediatheque-au-lieu-de-{TYPED}-"


@pytest.fixture
def fiche(places):
    return ProjetFactory(titre=f"La {MENDED}", departement_id="22", commune_id="22050", themes=[])


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.long
@some_types
def test_every_output_says_that_a_word_was_mended(client, places, declaration):
    factory_of(declaration.model)(titre=f"La {MENDED}")
    assert silent(client, declaration, TYPED, SAID, IN_A_NAME) == []


@pytest.mark.long
@some_types
def test_every_output_says_that_any_word_was_enough(client, places, declaration):
    for titre in ANY.split():
        factory_of(declaration.model)(titre=titre)
    assert silent(client, declaration, ANY, f"au moins un mot de « {ANY} »", ANY_IN_A_NAME) == []


def silent(client, declaration, asked: str, said: str, in_a_name: str) -> list[str]:
    """The renderings of a list that say neither."""
    found = []
    for vue in (vue for vue in vues(declaration.liste) if vue.cle != "comparer"):  # of records that were picked
        response = client.get(vue.adresse(declaration), {"q": asked})
        text = " ".join(unescape(body(response).decode(errors="replace")).split())
        if not (said in text or in_a_name in response.get("Content-Disposition", "")):
            found.append(vue.cle)
    return found


def test_names_and_programs_of_a_mended_search_say_that_any_word_was_enough(client):
    for titre in ("Girouette", "Lampadaire"):
        ProjetFactory(titre=titre)
    name = client.get("/projets.csv", {"q": "girouette lampadiare"})["Content-Disposition"]
    assert "au-moins-un-mot-de-girouette-lampadaire-au-lieu-de-" in name
    for address in ("/projets.json", "/projets.geojson", "/api/v1/projets"):
        for asked, any_word in (({"q": ANY}, True), ({"q": "girouette"}, False), ({}, False)):
            assert json.loads(body(client.get(address, asked)))["au_moins_un_mot"] is any_word, (address, asked)


def test_programs_read_it_under_its_own_key(client, fiche):
    for address in ("/projets.json", "/projets.geojson", "/api/v1/projets"):
        for asked, mended, total in (({"q": TYPED}, MENDED, 1), ({"q": MENDED}, None, 1), ({}, None, 1)):
            found = json.loads(body(client.get(address, asked)))
            assert (found["corrige"], found["total"]) == (mended, total), (address, asked)


def test_the_second_leaf_of_a_workbook_says_it(client, fiche):
    data = body(client.get("/projets.xlsx", {"q": TYPED}))
    leaf = [list(row) for row in load_workbook(io.BytesIO(data)).worksheets[1].iter_rows(values_only=True)]
    assert SAID in next(" ".join(told.split()) for what, told, *_ in leaf if what == "Cette liste")


def test_exact_asks_for_the_word_itself(client, read, fiche):
    for address in ("/projets.json", "/projets.geojson", "/api/v1/projets"):
        found = json.loads(body(client.get(address, {"q": TYPED, "exact": "1"})))
        assert (found["total"], found["corrige"]) == (0, None), address
    assert client.get("/projets.csv", {"q": TYPED, "exact": "1"}).headers["Content-Disposition"].count("tel-quel") == 1
    assert read(f"/projets/?q={MENDED}&exact=1").titles == [fiche.get_absolute_url()]


def test_a_page_leads_from_the_mended_word_to_the_typed_one_and_back(read, fiche):
    page = read(f"/projets/?q={TYPED}&departement=22")
    link = next(a for a in page.one("main").all("a") if "tel quel" in a.text)
    exact = read(f"/projets/{link['href']}")
    assert exact.one("h2", id="bilan").text.startswith("0 projet avec")
    assert "departement=22" in link["href"]
    back = next(a for a in exact.one("main").all("a") if a.text == "Chercher aussi les mots proches")
    assert "departement=22" in back["href"]
    assert "exact" not in back["href"]
    assert read(f"/projets/{back['href']}").titles == [fiche.get_absolute_url()]


@sampling.mostly_long("value", ["0", "oui", "x" * 500, "\x01", "2"], one_in=3)
def test_any_other_value_of_exact_is_refused_in_words(client, read, fiche, value):
    assert "Écrivez exact=1" in read(f"/projets/?{urlencode({'q': TYPED, 'exact': value})}").alert
    for address in ("/projets.json", "/projets.csv"):
        assert client.get(address, {"q": TYPED, "exact": value}).status_code == 400


# Hints


def example(page) -> str:
    (hint,) = [one.text for one in page.all("p", class_="aide") if one.text.startswith("Par exemple")] or [""]
    return hint


@pytest.mark.parametrize("address", ["/projets/", "/recherche/?departement=22"])
def test_the_communes_given_as_examples_find_something(read, places, address):
    assert example(read("/projets/")) == ""
    for commune in ("29084", "29084", "29084", "22050", "22050", "56205"):  # the first has no position
        ProjetFactory(commune_id=commune, departement_id=commune[:2], themes=[])
    hint = example(read(address))
    assert hint == "Par exemple Dinan (22) ou Saint-Armel (56)"
    for name in re.split("Par exemple | ou ", hint)[1:]:
        assert read(f"/projets/?{urlencode({'autour': name})}").titles, name


def test_the_examples_of_the_api_find_something(client, read, places, fiche):
    page = read("/api/v1/", headers={"accept": "text/html"})
    changed = next(a["href"] for a in page.all("a") if "modifiee_depuis" in a["href"])
    assert json.loads(body(client.get(changed)))["total"] >= 1
