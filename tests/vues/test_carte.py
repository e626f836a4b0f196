"""The map of a selection says what its list says: how many, for how much, where, and what it cannot show."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fiches import registre
from projets.models import Projet
from socle.memoire import held
from socle.territoires.models import Commune, Departement, Region
from socle.vues import carte, image_de_carte, situation
from socle.vues.feux import FEUX, beside, lights
from socle.vues.image_de_carte import _balanced, as_png
from socle.vues.situation import short_euros
from tests.conftest import csv_rows, make_many_projets
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


def number(text: str) -> Decimal:
    return Decimal("".join(one for one in text.replace(",", ".") if one.isdigit() or one == ".") or 0)


@pytest.mark.parametrize("query", ["", "?montant_min=100", "?departement=22&departement=29", "?q=introuvable"])
def test_map_and_tables_add_up_to_the_file(read, client, projets, query):
    page, rows = read(f"/projets/carte/{query}"), csv_rows(client.get(f"/projets.csv{query}"))
    if not rows:
        assert "Aucune fiche ne répond" in page.text
        return
    by_code, by_name = Counter(), Counter()
    for row in rows:
        by_code[row["departement_code"]] += 1
        by_name[row["departement"] or "Sans département"] += 1
    for caption in ("Par département", "Par lieu"):
        lines = rows_of(page, caption)
        assert sum(number(line[0]) for line in lines.values()) == len(rows)
        assert sum(number(line[1]) for line in lines.values()) == sum(Decimal(row["montant_eur"] or 0) for row in rows)
    assert {nom: number(line[0]) for nom, line in rows_of(page, "Par département").items()} == by_name
    drawn = page.one("figure", class_="planche").all("svg")[0]
    for a in drawn.all("a"):
        if "departement=" in a["href"].rpartition("&")[2] or a["href"].startswith("/projets/carte/?departement="):
            code = a["href"].rpartition("=")[2]
            assert number(a["aria-label"]) == by_code[code]


def test_each_link_leads_to_as_many_records_as_it_says(read, client, projets):
    for query in ("", "?montant_min=100"):
        page = read(f"/projets/carte/{query}")
        links = [(a["aria-label"], a["href"]) for a in page.one("figure", class_="planche").all("svg")[0].all("a")]
        for table in page.all("table"):
            for row in table.all("tr")[1:]:
                links += [(row.all("td")[0].text, a["href"]) for a in row.all("a")]
        assert len(links) > 4
        for words, address in links:
            total = client.get(address).context["selection"].total
            assert total == number(words.rpartition(":")[2]), (words, address)


def test_a_replaced_sheet_counts_as_a_record_and_its_amount_nowhere(read, places):
    first = ProjetFactory(departement_id="22", commune_id="22050", montant_eur=1000)
    ProjetFactory(departement_id="22", commune_id="22050", montant_eur=3000, remplace=first)
    page = read("/projets/carte/?montrer=montant")
    assert rows_of(page, "Par département") == {"Côtes-d’Armor": ["2", "3 000 €"]}
    assert rows_of(page, "Par lieu") == {"Dinan (22)": ["2", "3 000 €"]}
    assert "Côtes-d’Armor\u00a0: 2 projets, 3 000 €" in page.html.replace("\u202f", " ").replace("000\u00a0€", "000 €")


def test_the_map_shows_amounts_if_asked_and_keeps_to_that_in_its_links(read, projets):
    page = read("/projets/carte/?montrer=montant&departement=22")
    assert "4 k€" in page.one("figure", class_="planche").text.replace("\u00a0", " ")
    assert "montrer=montant" in page.chips["Côtes-d’Armor"]
    assert page.status == read("/projets/?montrer=montant&departement=22").status
    assert "/projets.svg?departement=22&montrer=montant" in [a["href"] for a in page.all("a")]


def test_what_the_map_cannot_show_is_said(read, projets):
    page = read("/projets/carte/")
    lost = Projet.objects.get(departement=None)
    assert "1 fiche n’a pas de lieu connu" in page.text
    assert lost.get_absolute_url() in page.html
    assert read("/projets/?lieu=aucun").titles == [lost.get_absolute_url()]
    assert "1 fiche est placée à peu près" in page.text
    assert "2 fiches ne disent que le département" in page.text  # one of them says a commune that nobody can place
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
    assert "2 fiches ne disent que le département" in page.text  # none of these: the map has no number that holds them
    assert "1 fiche n’a pas de lieu connu" in page.text
    assert said in " ".join(" ".join(ET.fromstring(client.get("/projets.svg").content).itertext()).split())
    alone = read("/projets/carte/?departement=974")
    assert said in alone.text
    assert rows_of(alone, "Par lieu")["Saint-Denis (974)"][0] == "1"
    assert rows_of(alone, "Par département") == {"La Réunion": rows_of(page, "Par département")["La Réunion"]}
    assert not alone.one("figure", class_="planche").all("svg")[0].all("a")


def test_no_link_leads_to_more_places_than_an_address_may_ask_for(read, client, projets, monkeypatch):
    lights = client.get("/projets/carte/").context["carte"].lumieres
    monkeypatch.setattr(situation, "JOINED", 0)
    held.forget()
    alone = client.get("/projets/carte/").context["carte"].lumieres
    assert [(one.mots, one.adresse) for one in alone] == [(one.mots, "") for one in lights if one.adresse]
    lost = Projet.objects.get(departement=None)
    note = next(one for one in read("/projets/carte/").all("p") if "pas de lieu connu" in one.text)
    assert [a["href"] for a in note.all("a")] == [lost.get_absolute_url()]


def test_the_frame_follows_the_selection(read, projets):
    def drawn(query):
        figure = read(f"/projets/carte/{query}").one("figure", class_="planche")
        return [path["id"] for path in figure.all("path")], figure.all("svg")[0]["viewbox"]

    assert drawn("") == (["d22", "d29", "d35", "d56"], "0 0 600 364")
    assert drawn("?montant_min=2000") == drawn("")
    codes, box = drawn("?departement=29")
    assert "d29" in codes
    assert "d35" not in codes
    assert box != "0 0 600 364"
    ProjetFactory(departement_id="44", commune_id="44109")
    assert {"d29", "d44", "d85"} <= set(drawn("")[0])
    assert drawn("?region=53") == (["d22", "d29", "d35", "d56"], "0 0 600 364")


def test_the_frames_that_people_choose_are_not_held(client, projets):
    client.get("/projets/carte/?departement=22")  # what every map of the list is drawn by
    before = len(held._held)
    for chosen in ("departement=29", "departement=22&departement=56", "departement=29&departement=56"):
        assert client.get(f"/projets/carte/?{chosen}").status_code == 200
    assert len(held._held) == before


def test_lights_that_would_hide_one_another_are_one_and_there_are_few():
    two = lights([(10, 10, 4, "22050"), (14, 10, 1, "22339"), (200, 10, 1, "35238")])
    assert [(feu.compte, sorted(feu.codes)) for feu in two] == [(5, ["22050", "22339"]), (1, ["35238"])]
    many = lights([(n % 100 * 6, n // 100 * 5, n % 7 + 1, str(n)) for n in range(8000)])
    assert len(many) <= FEUX
    assert sum(feu.compte for feu in many) == sum(n % 7 + 1 for n in range(8000))
    assert len({code for feu in many for code in feu.codes}) == 8000
    for one in many:
        for other in many:
            if one is not other:
                assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > max(one.rayon, other.rayon) ** 2


@pytest.mark.parametrize("address", ["/projets/carte/", "/carte/"])
def test_a_map_costs_the_same_whatever_the_number(client, places, address):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    client.get(address)  # what a process remembers
    make_many_projets(PLACES[:1])
    assert cost() <= 14  # with a place that it reads for the first time
    make_many_projets(PLACES[:1])
    few = cost()
    make_many_projets(PLACES[:1] * 19)
    assert cost() == few <= 12


def test_what_is_not_understood_is_said_on_the_page_and_refused_by_the_picture(read, client, projets):
    page = read("/projets/carte/?montrer=température&departement=zz")
    assert "Cette carte n’existe pas" in page.alert
    assert "n’existe pas" in page.alert
    assert "8 projets" in page.status
    for query in ("?montrer=x", "?departement=zz", "?inconnu=1"):
        assert client.get(f"/projets.svg{query}").status_code == 400, query
        assert client.get(f"/projets.geojson{query}").status_code == (200 if "montrer" in query else 400), query
    assert "n’ont pas de montant" in read("/initiatives/carte/?montrer=montant").alert


def test_types_without_places_have_no_map(client):
    has = {one.cle for one in registre.types() if client.get(f"/{one.adresse}/carte/").status_code == 200}
    assert has == {"projet", "initiative", "enquete", "evenement"}
    assert {one.cle for one in registre.types() if client.get(f"/{one.adresse}.geojson").status_code == 200} == has


def test_the_whole_site_has_its_map(read, projets):
    EnqueteFactory(commune_id="35238", departement_id="35")
    page = read("/carte/")
    assert reverse("recherche:carte") == "/carte/"
    assert rows_of(page, "Par département")["Ille-et-Vilaine"] == ["1"]
    assert sum(number(line[0]) for line in rows_of(page, "Par lieu").values()) == 9
    assert read("/carte/?type=enquete").status == "1 fiche de type enquête"


def test_places_with_as_many_records_stand_from_a_to_z_whatever_their_accents(read, places):
    names = ["Brécé", "Broons", "Élancourt", "Pléguien", "Plumieux"]
    for number, nom in enumerate(reversed(names)):
        commune = Commune(code=f"2290{number}", nom=nom, departement_id="22", latitude=48.4, longitude=-2.0)
        commune.save()
        ProjetFactory(commune=commune, departement_id="22")
    assert list(rows_of(read("/projets/carte/"), "Par lieu")) == [f"{nom} (22)" for nom in names]


def test_the_map_of_the_site_says_nothing_of_what_sheets_say_of_their_place(read, places):
    make_many_projets([{"intercommunalite_id": "200068989", "departement_id": "22"}])
    assert "1 fiche est placée ici par son département" in read("/carte/").text
    assert "1 fiche est placée à peu près" in read("/projets/carte/").text
    make_many_projets([{"departement_id": "22"}])
    assert "2 fiches sont placées ici par leur département" in read("/carte/").text
    assert "1 fiche ne dit que le département" in read("/projets/carte/").text


@pytest.mark.parametrize("cle", ["projet", "initiative", "enquete", "evenement"])
def test_every_type_with_places_draws_them(read, places, cle):
    declaration = registre.get(cle)
    factory_of(declaration.model)(commune_id="22050", departement_id="22")
    page = read(f"/{declaration.adresse}/carte/")
    assert rows_of(page, "Par lieu")["Dinan (22)"][0] == "1"
    assert len(page.all("circle", class_="feu")) >= 1


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
    assert "2026" in said or "20" in said


def names_on(page) -> list[str]:
    return [text.text for text in page.one("figure", class_="planche").all("text", class_="lieu")]


def test_few_lights_have_the_names_of_their_places_and_many_have_none(read, client, places, monkeypatch):
    make_many_projets(PLACES)
    assert names_on(read("/projets/carte/")) == ["Dinan et 1 autre", "Saint-Brieuc", "Vannes"]
    drawn = client.get("/projets.svg").content.decode()
    assert ">Vannes<" in drawn
    monkeypatch.setattr(situation, "NAMED", 1)
    assert not names_on(read("/projets/carte/?montant_min=1"))


def test_names_cover_no_light_and_no_other_name():
    circles = [(100, 100, 8.0), (130, 100, 8.0), (590, 50, 8.0), (104, 118, 8.0)]
    found = beside(circles, ["Dinan", "Quévert", "La Boussac", "Broons"], [], 364)
    assert [(nom.texte, nom.ancre) for nom in found][:3] == [
        ("Dinan", "fin"),
        ("Quévert", "debut"),
        ("La Boussac", "fin"),
    ]
    assert beside([(300, 180, 200.0)], ["Une commune au nom long"], [], 364) == []
    (near,) = beside([(480, 180, 5.0)], ["Un nom large"], [], 364)  # larger on a small screen
    assert near.ancre == "fin"


def test_a_light_of_the_legend_takes_its_own_width_from_the_words_beside_it(read, places):
    make_many_projets({"commune_id": "22050"} for _ in range(20))
    (legende,) = [one for one in read("/projets/carte/").all(class_="legende") if "par lieu" in one.text]
    (light,) = legende.all("svg")
    assert float(light["width"]) == float(light["height"]) == 2 * float(light.one("circle")["r"])


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


def test_the_picture_has_the_shape_of_a_slide_and_tells_sizes_only_where_they_differ(client, projets):
    drawn = client.get("/projets.svg?departement=22").content.decode()
    assert (ET.fromstring(drawn).get("width"), ET.fromstring(drawn).get("height")) == ("1600", "900")
    assert "plus larges" in drawn
    assert "plus larges" not in client.get("/projets.svg?departement=56").content.decode()


def test_lines_of_a_title_are_of_a_length():
    first, second = _balanced("33 projets dans les Côtes-d’Armor ou en Ille-et-Vilaine, jusqu’à 20 000 €", 70)
    assert abs(len(first) - len(second)) < 12


def test_the_same_in_pixels_for_software_that_reads_no_svg(client, projets):
    response = client.get("/projets.png?departement=22")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(response.content[at : at + 4], "big") for at in (16, 20)] == [1600, 900]
    bare = as_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"/>')
    worded = as_png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><text y="15">Été</text></svg>')
    assert len(worded) > len(bare) + 500  # a server without fonts writes words too


def test_hostile_words_stay_words(read, client, places):
    hostile = '<script>alert("1")</script> & <svg onload=x>'
    ProjetFactory(titre=hostile)
    page = read("/projets/carte/", {"q": "alert"})
    assert "<script>alert" not in page.html
    assert "onload=x>" not in page.html
    assert ET.fromstring(client.get("/projets.svg", {"q": hostile}).content) is not None


@pytest.mark.parametrize("typed", ["\x01cantine", "\uffff a", "\ufffe a", "a\x1fb"])
def test_what_no_xml_can_hold_is_a_mark_in_the_picture(client, places, typed):
    assert ET.fromstring(client.get("/projets.svg", {"q": typed}).content) is not None
    assert client.get("/projets.png", {"q": typed}).status_code == 200


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


def test_few_signs_say_an_amount():
    amounts = {"950": "950 €", "114767": "115 k€", "999600": "1 M€", "1250000": "1,2 M€", "12400000": "12 M€"}
    assert {amount: short_euros(Decimal(amount)).replace("\u00a0", " ") for amount in amounts} == amounts


def test_a_long_list_of_places_keeps_the_page_light(read, places, monkeypatch):
    monkeypatch.setattr(carte, "LINES", 1)
    monkeypatch.setattr(carte, "LINKS", 1)
    monkeypatch.setattr(carte, "NAMED", 1)
    make_many_projets(PLACES)
    page = read("/projets/carte/")
    assert len(rows_of(page, "Par lieu")) == 1
    assert "et d’autres lieux, que disent les fichiers de cette liste" in page.text
    (linked,) = [one for one in page.all("p") if one.text.startswith("Et aussi")][-1:]
    assert re.fullmatch(r"Et aussi : [^,]* : \d+\.", linked.text.replace("\u00a0", " ")), "links alone"
    assert "Sans lien, pour que la page reste légère : " in page.text.replace("\u00a0", " ")
