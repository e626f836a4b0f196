"""The map of a selection says what its list says: how many, for how much, where, and what it cannot show."""

import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from itertools import combinations
from math import dist
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from fiches.lieux import Situee
from projets.models import Projet
from socle.journal import cache
from socle.territoires.models import Commune, Departement, Region
from socle.vues import dessin, image_de_carte, situation
from socle.vues.classes import amount_words, bounds, class_of, count_words
from socle.vues.dessin import short_euros
from socle.vues.feux import _box, _meet
from socle.vues.image_de_carte import as_png
from tests import sampling
from tests.conftest import csv_rows, every_type, make_many_projets
from tests.factories import ProjetFactory, factory_of
from tests.factories.enquetes import EnqueteFactory

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
PLACES = [
    {"commune_id": "22050", "departement_id": "22", "intercommunalite_id": "200068989", "montant_eur": 1000},
    {"commune_id": "22050", "departement_id": "22", "intercommunalite_id": "200068989", "montant_eur": 2500},
    {"commune_id": "22278", "departement_id": "22", "montant_eur": None},
    {"intercommunalite_id": "200068989", "departement_id": "22", "montant_eur": 400},
    {"departement_id": "29", "montant_eur": 0},
    {"commune_id": "29084", "departement_id": "29", "montant_eur": 70},
    {"commune_id": "56260", "departement_id": "56", "intercommunalite_id": "200067932", "montant_eur": 5},
    {"montant_eur": 12},
]


@pytest.fixture
def projets(places):
    make_many_projets(PLACES)


def rows_of(page, caption) -> dict[str, list[str]]:
    """{place: what its line says} of a table."""
    table = next(one for one in page.all("table") if one.one("caption").text == caption)
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr")[1:]}


def listed(page) -> dict[str, int]:
    """{place: how many records} of the list below the map."""
    links = [a for places in page.all("ul", class_="lieux") for a in places.all("a")]
    said = {nom: int(count or 1) for nom, _, count in (a.text.partition(" : ") for a in links)}
    assert len(said) == len(links)
    return said


def frames(page) -> dict[str, tuple[int, str]]:
    """{frame: (how many records it says, its address)} of those on offer."""
    found = {}
    for nav in page.all("nav", class_="cadrages"):
        for link in nav.all("a"):
            nom, _, count = link.text.rpartition(" ")
            found[nom] = (int(count), link["href"])
    return found


def map_of(page):
    return page.one("figure", class_="planche").all("svg")[0]


def number(text: str) -> Decimal:
    return Decimal("".join(one for one in text.replace(",", ".") if one.isdigit() or one == ".") or 0)


@sampling.mostly_long("query", ["", "?montant_min=100", "?departement=22&departement=29", "?q=introuvable"], one_in=3)
def test_map_table_and_list_add_up_to_the_file(read, client, projets, query):
    page, rows = read(f"/projets/carte/{query}"), csv_rows(client.get(f"/projets.csv{query}"))
    if not rows:
        assert "Aucune fiche ne répond" in page.text
        return
    by_name = Counter(row["departement"] or "Sans département" for row in rows)
    lines = rows_of(page, "Par département")
    assert sum(number(line[1]) for line in lines.values()) == sum(Decimal(row["montant_eur"] or 0) for row in rows)
    assert {nom: number(line[0]) for nom, line in lines.items()} == by_name
    lost = by_name["Sans département"]
    assert sum(listed(page).values()) == len(rows) - lost
    drawn = client.get(f"/projets/carte/{query}").context["carte"].dessins
    said = [sum(number(one.mots.rpartition(":")[2]) for one in every.lumieres) for every in drawn]
    alone = sum(count for nom, count in listed(page).items() if "sans précision" in nom or "Molène" in nom)
    assert said[0] == said[1] == len(rows) - lost - alone


def test_each_link_leads_to_as_many_records_as_it_says(read, client, projets):
    for query in ("", "?montant_min=100"):
        page = read(f"/projets/carte/{query}")
        links = [(a["aria-label"], a["href"]) for a in map_of(page).all("a")]
        for row in page.one("table").all("tr")[1:]:
            links += [(row.all("td")[0].text, a["href"]) for a in row.all("a")]
        (places,) = page.all("ul", class_="lieux")
        links += [(a.text.partition(" : ")[2] or "1", a["href"]) for a in places.all("a")]
        assert len(links) > 4
        for words, address in links:
            total = client.get(address).context["selection"].total
            assert total == number(words.rpartition(":")[2]), (words, address)


def test_a_replaced_sheet_counts_as_a_record_and_its_amount_nowhere(read, places):
    first = ProjetFactory(departement_id="22", commune_id="22050", montant_eur=1000)
    ProjetFactory(departement_id="22", commune_id="22050", montant_eur=3000, remplace=first)
    page = read("/projets/carte/?montrer=montant")
    assert rows_of(page, "Par département") == {"Côtes-d’Armor": ["2", "3 000 €"]}
    assert listed(page) == {"Dinan (22)": 2}
    assert "3 k€" in map_of(page).text.replace("\u00a0", " ")


def test_the_map_shows_amounts_if_asked_and_keeps_to_that_in_its_links(read, projets):
    page = read("/projets/carte/?montrer=montant&departement=22")
    assert "4 k€" in map_of(page).text.replace("\u00a0", " ")
    assert "montrer=montant" in page.chips["Côtes-d’Armor"]
    assert page.status == read("/projets/?montrer=montant&departement=22").status
    assert "/projets.svg?departement=22&montrer=montant" in [a["href"] for a in page.all("a")]
    every = read("/projets/carte/?montrer=montant")
    assert {address for _, address in frames(every).values()} >= {"?cadre=morbihan&montrer=montant"}
    assert not map_of(every).all("circle")  # a number over an amount tells neither


def test_what_the_map_cannot_show_is_said(read, projets):
    page = read("/projets/carte/")
    lost = Projet.objects.get(departement=None)
    assert "1 fiche n’a pas de lieu connu : la lire." in page.text
    assert "/projets/?lieu=aucun" in [a["href"] for a in page.all("a")]
    assert read("/projets/?lieu=aucun").titles == [lost.get_absolute_url()]
    assert "1 fiche est placée à la plus grande commune de son intercommunalité" in page.text
    assert "2 fiches comptent dans leur département, sans cercle" in page.text  # one says a commune without position
    assert "métropolitaine" not in page.text


def test_records_overseas_count_stand_in_the_tables_and_are_said_to_be_off_the_map(read, client, projets):
    Region.objects.create(code="04", nom="La Réunion")
    Departement.objects.create(code="974", nom="La Réunion", region_id="04")
    Commune.objects.create(code="97411", nom="Saint-Denis", departement_id="974", latitude=-20.88, longitude=55.45)
    make_many_projets([{"departement_id": "974", "commune_id": "97411"}, {"departement_id": "974"}])
    page = read("/projets/carte/")
    assert page.status == "10 projets"
    assert rows_of(page, "Par département")["La Réunion"][0] == "2"
    assert "Saint-Denis (974)" in page.text
    said = "2 fiches sont hors de la carte, qui ne montre que la France métropolitaine."
    assert said in page.text
    assert "2 fiches comptent dans leur département" in page.text  # none of these: the map does not draw theirs
    assert "1 fiche n’a pas de lieu connu" in page.text
    assert "Ailleurs : 2 fiches" in page.text
    assert "Saint-Denis (974) : " in page.text
    assert said in " ".join(" ".join(ET.fromstring(client.get("/projets.svg").content).itertext()).split())
    (whole,) = [a["href"] for a in read("/projets/carte/?cadre=france").all("a") if "en liste" in a.text]
    assert whole == "/projets/?departement=974"  # no map shows them
    alone = read("/projets/carte/?departement=974")
    assert said in alone.text
    assert rows_of(alone, "Par département") == {"La Réunion": rows_of(page, "Par département")["La Réunion"]}
    assert not map_of(alone).all("a")


def drawn(page) -> tuple[set[str], str]:
    """The départements that a map draws, and its box."""
    return {path["id"] for path in map_of(page).all("path")}, map_of(page)["viewbox"]


BRETAGNE = {"d22", "d29", "d35", "d56"}, "0 0 600 364"


@pytest.mark.parametrize("in_brittany", [3, 4])
def test_the_frame_is_where_four_fifths_are_and_what_is_elsewhere_is_named(read, places, in_brittany):
    """Four of five are; three of four are not."""
    make_many_projets({"commune_id": "35238", "departement_id": "35"} for _ in range(in_brittany))
    nantes = ProjetFactory(titre="Un bus des droits", commune_id="44109", departement_id="44")
    ProjetFactory()  # what has no place does not count
    page = read("/projets/carte/")
    if in_brittany == 3:
        assert {"d35", "d44", "d85"} <= drawn(page)[0]
        assert "Ailleurs" not in page.text
        return
    assert drawn(page) == BRETAGNE
    assert "5 fiches ont un lieu, 4 sont en Bretagne : c’est ce que montre la carte." in page.text
    (beside,) = page.all("ul", class_="ailleurs")
    assert beside.text == "Nantes (44) : Un bus des droits"
    assert [a["href"] for a in beside.all("a")] == [nantes.get_absolute_url()]
    (every,) = [a["href"] for a in page.all("a") if a.text == "Voir la carte de France"]
    assert every == "?cadre=france"
    france = read(f"/projets/carte/{every}")
    assert len(drawn(france)[0]) == 96
    assert "Ailleurs" not in france.text
    assert "Nantes (44)" in listed(france)


def test_where_places_are_too_many_for_an_address_a_light_leads_closer(read, client, projets, monkeypatch):
    monkeypatch.setattr(situation, "JOINED", 0)
    links = {a["aria-label"]: a["href"] for a in map_of(read("/projets/carte/")).all("a")}
    assert links["Vannes (56)\u00a0: 1 projet. Voir de plus près\u00a0: Morbihan"] == "?cadre=morbihan"
    assert not map_of(read("/projets/carte/?cadre=morbihan")).all("a")
    note = next(one for one in read("/projets/carte/").all("p") if "pas de lieu connu" in one.text)
    assert not note.all("a")


def test_the_frame_follows_the_selection(read, projets):
    assert drawn(read("/projets/carte/")) == drawn(read("/projets/carte/?montant_min=2000")) == BRETAGNE
    codes, box = drawn(read("/projets/carte/?departement=29"))
    assert "d29" in codes
    assert "d35" not in codes
    assert box != BRETAGNE[1]
    assert drawn(read("/projets/carte/?region=53")) == BRETAGNE


@pytest.mark.long
def test_each_frame_on_offer_shows_as_many_as_it_says(read, client, projets):
    ProjetFactory(commune_id="44109", departement_id="44")
    page = read("/projets/carte/?montant_max=100000")
    offered = frames(page)
    assert list(offered) == ["Bretagne", "Côtes-d’Armor", "Finistère", "Morbihan", "France"]
    for nom, (count, address) in offered.items():
        there = client.get(f"/projets/carte/{address}")
        assert count == sum(one.compte for part in there.context["groupes"] for one in part.lieux), nom
        (nav,) = read(f"/projets/carte/{address}").all("nav", class_="cadrages")
        (current,) = [a for a in nav.all("a") if a.has("aria-current", "true")]
        assert current.text == f"{nom} {count}"
    assert "Pays de la Loire" in frames(read("/projets/carte/?cadre=france"))
    assert {"Pays de la Loire", "Loire-Atlantique"} <= frames(read("/projets/carte/?cadre=loire-atlantique")).keys()
    assert not frames(read("/projets/carte/?departement=22"))  # they would all show the same


def test_a_picture_has_the_frame_of_its_page(read, client, projets):
    (address,) = [
        a["href"] for a in read("/projets/carte/?cadre=morbihan").all("a") if a["href"].startswith("/projets.svg")
    ]
    assert "cadre=morbihan" in address
    found, whole = (ET.fromstring(client.get(one).content) for one in (address, "/projets.svg"))
    assert found.find(f"{SVG}svg").get("viewBox") != whole.find(f"{SVG}svg").get("viewBox")
    assert "8 projets : Morbihan, 1 projet" in found.find(f"{SVG}title").text.replace("\u00a0", " ")
    assert "6 fiches sont ailleurs en France." in " ".join(found.itertext())


def test_the_frames_that_people_choose_are_not_held(client, projets):
    client.get("/projets/carte/?departement=22")  # what every map of the list is drawn by
    before = len(cache._kept)
    for chosen in ("departement=29", "departement=22&departement=56", "departement=29&departement=56"):
        assert client.get(f"/projets/carte/?{chosen}").status_code == 200
    assert len(cache._kept) == before


def test_no_light_touches_another_and_no_words_stand_over_anything(client, places):
    names = ("Auray", "Baud", "Carnac", "Damgan", "Elven", "Férel", "Guer", "Hœdic", "Inzinzac", "Josselin", "Kerfourn")
    for rank, nom in enumerate(names):
        x, y = -3.4 + rank % 4 * 0.35, 47.6 + rank // 4 * 0.11
        Commune.objects.create(code=f"5690{rank:x}", nom=nom, departement_id="56", latitude=y, longitude=x)
        make_many_projets({"commune_id": f"5690{rank:x}", "departement_id": "56"} for _ in range(1 + rank % 3))
    words = 0
    for query in ("", "?cadre=morbihan", "?cadre=france", "?montrer=montant", "?autour=Dinan"):
        drawings = client.get(f"/projets/carte/{query}").context["carte"].dessins
        for plume, one in zip((dessin.FIN, dessin.GROS), drawings, strict=True):
            circles = [(light.x, light.y, light.rayon) for light in one.lumieres]
            assert all(dist(a[:2], b[:2]) > a[2] + b[2] - 2 for a, b in combinations(circles, 2)), query
            sizes = {"n": plume.nombre, "petit": plume.petit, "lieu": plume.lieu, "": plume.nom}
            boxes = [_box(mot, sizes[mot.genre]) for mot in one.mots]
            lit = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
            assert not any(_meet(a, b) for a, b in combinations(boxes, 2)), query
            assert not any(_meet(a, b) for a in boxes for b in lit), query
            words += len(boxes)
    assert words > 20


def test_classes_of_numbers_have_round_bounds_and_none_is_empty():
    counts = [1] * 15 + [2] * 3 + [3] * 4 + [4] * 2 + [5] * 5 + [6]
    assert bounds(counts) == [2, 3, 5]
    assert count_words(counts, [2, 3, 5], "fiche|fiches") == ["1 fiche", "2", "3 ou 4", "5 et plus"]
    assert {class_of(count, [2, 3, 5]) for count in counts} == {1, 2, 3, 4}
    assert [class_of(count, [2, 3, 5]) for count in (1, 2, 3, 4, 5)] == [1, 2, 3, 3, 4]
    amounts = [Decimal(one) for one in (62711, 119584, 217840, 327383)]
    assert bounds(amounts) == [100_000, 200_000, 300_000]
    said = [words.replace("\u00a0", " ") for words in amount_words(amounts, bounds(amounts), short_euros)]
    assert said == ["moins de 100 k€", "100 k€ à 200 k€", "200 k€ à 300 k€", "300 k€ et plus"]
    for few, words in (
        ([], []),
        ([7, 7], ["7 fiches"]),
        ([3, 4], ["3 ou 4 fiches"]),
        ([1, 1, 58], ["1 fiche", "2 et plus"]),
    ):
        assert count_words(few, bounds(few), "fiche|fiches") == words


def test_what_is_not_understood_is_said_on_the_page_and_refused_by_the_picture(read, client, projets):
    page = read("/projets/carte/?montrer=température&departement=zz&cadre=atlantide")
    assert "Cette carte n’existe pas" in page.alert
    assert "Ce cadre n’existe pas" in page.alert
    assert "n’existe pas" in page.alert
    assert "8 projets" in page.status
    for query in ("?montrer=x", "?cadre=x"):
        assert client.get(f"/projets.svg{query}").status_code == 400, query
        assert client.get(f"/projets.geojson{query}").status_code == 200, query
    assert "n’ont pas de montant" in read("/initiatives/carte/?montrer=montant").alert


@every_type
def test_types_with_places_draw_them_and_others_have_no_map(client, read, places, declaration):
    if not issubclass(declaration.model, Situee):
        for address in (f"/{declaration.adresse}/carte/", f"/{declaration.adresse}.geojson"):
            assert client.get(address).status_code == 404
        return
    factory_of(declaration.model)(commune_id="22050", departement_id="22")
    page = read(f"/{declaration.adresse}/carte/")
    assert listed(page) == {"Dinan (22)": 1}
    assert len(page.all("g", class_="fins")[0].all("circle")) == 1


def test_a_list_of_which_no_place_is_known_has_a_sentence_for_a_map(read, places):
    ProjetFactory()
    page = read("/projets/carte/")
    assert "Aucune de ces fiches n’a de lieu connu : la carte serait vide." in page.text
    assert not page.all("figure")
    assert not page.all("table")


def test_the_whole_site_has_its_map(read, projets):
    EnqueteFactory(commune_id="35238", departement_id="35")
    page = read("/carte/")
    assert reverse("recherche:carte") == "/carte/"
    assert rows_of(page, "Par département")["Ille-et-Vilaine"] == ["1"]
    assert sum(listed(page).values()) == 8
    assert read("/carte/?type=enquete").status == "1 fiche de type enquête"


def test_the_picture_stands_alone_and_says_what_it_is(client, projets):
    response = client.get("/projets.svg?departement=22&montrer=montant")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert 'filename="projets-cotes-d-armor-' in response["Content-Disposition"]
    text = response.content.decode()
    drawn = ET.fromstring(text)
    said = " ".join(" ".join(drawn.itertext()).split())
    for words in ("4 projets dans les Côtes-d’Armor", "Montant par département", "4 k€", "CC BY 4.0", "GeoNames"):
        assert words in said.replace("\u00a0", " "), words
    assert drawn.find(f"{SVG}title").text
    assert "href" not in text
    assert "style" not in text
    assert (drawn.get("width"), drawn.get("height")) == ("1600", "900")  # as a slide
    counted = ET.fromstring(client.get("/projets.svg?departement=22").content)
    assert counted.find(f"{SVG}desc").text == "Cercles : 1 projet, 2 et plus."


def test_around_a_commune_the_map_draws_the_circle_and_what_is_in_it(read, client, projets):
    page = read("/projets/carte/?autour=Dinan&rayon=15")
    circle = page.one("circle", class_="ici")
    _, _, width, height = map(int, page.one("figure", class_="planche").all("svg")[0]["viewbox"].split())
    x, y, r = (int(circle[name]) for name in ("cx", "cy", "r"))
    assert abs(x - width / 2) < 2
    assert abs(y - height / 2) < 2
    assert 0.7 * height < 2 * r < height
    assert "stroke-dasharray" in client.get("/projets.svg?autour=Dinan&rayon=15").content.decode()
    assert not read("/projets/carte/").all("circle", class_="ici")


@pytest.mark.long
def test_the_same_in_pixels_for_software_that_reads_no_svg(client, projets):
    response = client.get("/projets.png?departement=22")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(response.content[at : at + 4], "big") for at in (16, 20)] == [1600, 900]
    bare = as_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"/>')
    worded = as_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><text y="15">Été</text></svg>')
    assert len(worded) > len(bare) + 500  # a server without fonts writes words too


@pytest.mark.long
@sampling.mostly_long("typed", ["\x01cantine", "\ufffe a", '<script>alert("1")</script> & <svg onload=x>'], one_in=3)
def test_what_no_xml_can_hold_is_a_mark_in_the_picture(client, places, typed):
    assert ET.fromstring(client.get("/projets.svg", {"q": typed}).content) is not None
    assert client.get("/projets.png", {"q": typed}).status_code == 200


@pytest.mark.long
def test_a_picture_is_small_however_much_is_asked(client, places):
    codes = list(Commune.objects.values_list("pk", flat=True)[:40])
    make_many_projets([{"commune_id": code, "departement_id": code[:2]} for code in codes])
    query = urlencode({"lieu": codes, "q": "cantine " * 20}, doseq=True)
    drawn = ET.fromstring(client.get(f"/projets.svg?{query}").content)
    title = drawn.find(f"{SVG}title").text
    assert len(title) < 200
    assert title.endswith("…")
    assert int(drawn.get("height")) < 2000
    pixels = client.get(f"/projets.png?{query}").content
    assert int.from_bytes(pixels[20:24], "big") < 1200


def test_the_picture_of_a_whole_list_is_made_once_until_a_sheet_changes(client, projets, monkeypatch):
    made = []
    monkeypatch.setattr(image_de_carte, "svg_to_bytes", lambda svg, **asked: made.append(svg) or b"pixels")
    for _ in range(2):
        assert client.get("/projets.png").content == b"pixels"
    assert len(made) == 1
    client.get("/projets.png?montrer=montant")
    assert "Montant par département" in made[1]
    ProjetFactory(departement_id="22")
    client.get("/projets.png")
    assert "9 projets" in made[2].replace("\xa0", " ")
