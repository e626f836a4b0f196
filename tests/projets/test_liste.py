"""The list of projects: sentence, chips, sorts, pages, amounts, words, distance, and what an empty list says."""

import math
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from projets.filters import ProjetFilterSet
from projets.models import Projet
from socle.catalogue.nearby import codes_within
from socle.catalogue.selection import Selection
from socle.journal import cache
from socle.territoires.models import Commune
from tests.conftest import COMMUNES, TYPES, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long, sample, size
from tests.selections import records

pytestmark = pytest.mark.django_db


def select(query=""):
    return Selection(TYPES["projet"], QueryDict(query))


def listed(query=""):
    return records(select(query))


def pairs(address):
    return sorted(parse_qsl(urlsplit(address).query))


def following(page):
    """Where « Page suivante » leads: the address that its form makes; "" from the last page."""
    buttons = [one for one in page.one("nav", class_="pages").all("button") if one.text == "Page suivante"]
    sent = [*page.one("form", id="comparaison").all("input", type="hidden"), *buttons]
    return f"?{urlencode([(one['name'], one['value']) for one in sent])}" if buttons else ""


# Sentence and chips


@mostly_long(
    "query, phrase",
    [
        ("", "3 projets"),
        (
            "departement=22&departement=56&montant_max=20000",
            "2 projets dans les Côtes-d’Armor ou dans le Morbihan, jusqu’à 20 000 €",
        ),
        ("departement=22", "1 projet dans les Côtes-d’Armor"),
        ("departement=44", "0 projet en Loire-Atlantique"),
        ("theme=cantine", "1 projet sur Cantine"),
        ("tranche=40000-", "1 projet, 40 000 € et plus"),
        ("montant_min=12000,50&q=cantine", "0 projet avec « cantine », à partir de 12 000,50 €"),
        ("region=53&region=52", "3 projets en Bretagne ou dans les Pays de la Loire"),
        ("autour=Dinan&rayon=5", "1 projet à moins de 5 km de Dinan"),
        ("autour=Dinan", "1 projet à moins de 20 km de Dinan"),
    ],
    one_in=2,
)
def test_the_sentence_says_what_is_listed(read, places, query, phrase):
    cantine = ThemeFactory(nom="Cantine")
    ProjetFactory(departement_id="22", commune_id="22339", montant_eur=12000, themes=[cantine])
    ProjetFactory(departement_id="56", montant_eur=20000, themes=[])
    ProjetFactory(departement_id="35", montant_eur=60000, themes=[])
    words = " ".join(select(query).phrase().split())
    assert set(words.split(", ")) == set(phrase.split(", ")) or words == phrase
    page = read(f"/projets/?{query}")
    assert page.status == words


def test_each_chip_drops_exactly_its_criterion(read, places):
    ThemeFactory(nom="Cantine")
    query = (
        "q=portail+famille&departement=22&departement=56&tranche=inconnu&montant_min=10&montant_max=20+000"
        "&theme=cantine&autour=Dinan&rayon=5&tri=recent"
    )
    page = read(f"/projets/?{query}")
    asked = pairs(f"?{query}")
    dropped = {
        "« portail famille »": [("q", "portail famille")],
        "Côtes-d’Armor": [("departement", "22")],
        "Morbihan": [("departement", "56")],
        "Montant non renseigné": [("tranche", "inconnu")],
        "À partir de 10 €": [("montant_min", "10")],
        "Jusqu’à 20 000 €": [("montant_max", "20 000")],
        "Cantine": [("theme", "cantine")],
        "À 5 km de Dinan": [("autour", "Dinan"), ("rayon", "5")],
    }
    assert set(page.chips) == set(dropped)
    for text, address in page.chips.items():
        assert pairs(address) == sorted(set(asked) - set(dropped[text])), text
        read("/projets/" + address)


def test_the_link_to_the_last_page_of_a_chip_keeps_no_page_number(read, places):
    make_many_projets({"departement_id": "22"} for _ in range(30))
    page = read("/projets/?departement=22&page=3")
    assert pairs(page.chips["Côtes-d’Armor"]) == []


# What a bound leaves out


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "query", "number"),
    [
        ("/projets/", "montant_max=20000", 3),
        ("/projets/tableau/", "montant_min=10&montant_max=900", 3),
        ("/projets/carte/", "departement=22&montant_max=20000", 2),
        ("/projets/chiffres/", "departement=56&montant_max=9", 1),
    ],
)
def test_a_bound_says_how_many_it_leaves_out_since_nobody_knows_their_amount(read, places, address, query, number):
    for amount, departement in ((None, "22"), (0, "22"), (None, "56"), (5000, "22"), (50000, "56"), (9, "35")):
        ProjetFactory(montant_eur=amount, departement_id=departement)
    page = read(f"{address}?{query}")
    said = "1 fiche n’a pas de montant renseigné : ce filtre la laisse de côté."
    if number > 1:
        said = f"{number} fiches n’ont pas de montant renseigné : ce filtre les laisse de côté."
    (note,) = [one for one in page.all("p", class_="aide") if said in one.text]
    there = read(address + note.one("a")["href"])
    assert there.status.split()[0] == str(number)
    assert "laisse de côté" not in there.text
    for silent in ("departement=22", "departement=35&montant_max=9"):
        assert "laisse de côté" not in read(f"{address}?{silent}").text


# Sorts and pages


def sorted_badly(places):
    amounts = [None, 0, Decimal("0.01"), 100, 100, 100, 5000, None, 0, 40000, 100, None, 250, 100]
    names = ["Zoé", "élan", "Écluse", "eau", "Œuvre", "oeuvre", "Abri", "abri", "Ébène", "Zoé", "zoé", "", "1er", "Ça"]
    return make_many_projets(
        {"montant_eur": amount, "collectivite": name} for amount, name in zip(amounts * 3, names * 3, strict=True)
    )


@pytest.mark.long
@mostly_long("tri", ["", "collectivite", "montant-decroissant", "montant-croissant", "recent"], one_in=2)
def test_pages_hold_every_sheet_once(read, places, tri):
    projets = sorted_badly(places)
    Projet.objects.update(modifiee_le=projets[0].modifiee_le)  # all the same moment: the key alone decides
    addresses = []
    for number in (1, 2, 3, 4, 5):
        page = read("/projets/", {"page": number} | ({"tri": tri} if tri else {}))
        addresses += page.titles
    assert len(addresses) == len(set(addresses)) == len(projets)
    assert addresses == [projet.get_absolute_url() for projet in listed(f"tri={tri}")]


@pytest.mark.parametrize(("tri", "sign"), [("montant-croissant", 1), ("montant-decroissant", -1)])
def test_unknown_amounts_come_last_in_both_directions(places, tri, sign):
    sorted_badly(places)
    amounts = [projet.montant_eur for projet in listed(f"tri={tri}")]
    known = [amount for amount in amounts if amount]
    assert amounts[: len(known)] == sorted(known, key=lambda amount: sign * amount)
    assert not any(amounts[len(known) :])


def test_names_sort_without_accents_and_capitals(places):
    sorted_badly(places)
    names = [projet.collectivite_tri for projet in listed()]
    assert names == sorted(names)
    assert names.index("ecluse") < names.index("elan") < names.index("oeuvre") < names.index("zoe")


def test_recent_ones_come_first(places):
    first, second, *_ = make_many_projets({} for _ in range(3))
    Projet.objects.filter(pk=second.pk).update(modifiee_le=first.modifiee_le + timedelta(hours=1))
    assert listed("tri=recent")[0] == second


@pytest.mark.long
@mostly_long("page", ["0", "4", "²", "99999999999999999999"], one_in=2)
def test_a_page_that_does_not_exist_is_said_and_the_first_one_shown(read, places, page):
    make_many_projets({} for _ in range(30))
    answer = read("/projets/", {"page": page})
    assert "Cette page n’existe pas" in answer.alert
    assert answer.titles == read("/projets/").titles


def test_amounts_are_sorted_by_where_one_is_known(read, places):
    make_many_projets({"departement_id": "22"} for _ in range(2))
    make_many_projets([{"departement_id": "29", "montant_eur": 5}])
    for query, said in (("", True), ("?departement=29", True), ("?departement=22", False)):
        assert ("Montant décroissant" in read(f"/projets/{query}").one("select", id="tri").text) == said


@pytest.mark.long
def test_the_last_page_leads_no_further_wherever_it_begins(read, places):
    make_many_projets({"collectivite": f"Ville {number:02}"} for number in range(25))
    pks = [projet.pk for projet in listed()]
    page = read("/projets/", {"apres": pks[16]})
    assert len(page.titles) == 8
    assert not following(page)
    assert "Page précédente" in page.one("nav", class_="pages").text
    page = read("/projets/", {"apres": pks[6]})
    assert page.titles == [projet.get_absolute_url() for projet in listed()[7:17]]
    assert following(page)


def test_links_to_the_file_hold_the_whole_selection_whatever_the_page(client, read, places):
    make_many_projets({"departement_id": "22"} for _ in range(30))
    page = read("/projets/?departement=22&tri=recent&page=2")
    files = [a["href"] for a in page.all("a") if a["href"].startswith("/projets.csv?")]
    assert [pairs(address) for address in files[:2]] == [
        [("departement", "22"), ("excel", "1"), ("tri", "recent")],
        [("departement", "22"), ("tri", "recent")],
    ]
    content = b"".join(client.get(files[1]).streaming_content).decode()
    assert content.count("\r\n") == 31


def test_the_sort_by_relevance_is_offered_to_a_search_only(read, places):
    ProjetFactory(titre="Le portail de la mairie", themes=[])
    values = [option["value"] for option in read("/projets/?q=portail").all("option")]
    assert "pertinence" in values
    assert "pertinence" not in [option.attributes.get("value") for option in read("/projets/").all("option")]


def test_a_sort_kept_from_a_search_is_no_fault_once_the_words_are_gone(read, places):
    """The form sends back the sort it was shown with; whoever empties the search box has made no mistake."""
    ProjetFactory(themes=[])
    page = read("/projets/?tri=pertinence")
    assert page.alert == ""
    assert len(page.titles) == 1


# Nothing found


@pytest.mark.long
def test_an_empty_list_counts_what_each_criterion_costs(read, places):
    ProjetFactory(departement_id="22", montant_eur=100, description="Un cimetière", themes=[])
    ProjetFactory(departement_id="22", montant_eur=90000, themes=[])
    ProjetFactory(departement_id="29", montant_eur=90000, description="Un cimetière", themes=[])
    address = "/projets/?q=cimetière&departement=22&montant_min=50000"
    page = read(address)
    assert page.status.startswith("0 projet ")
    assert "Aucune fiche" in page.html
    offers = [a for a in page.all("a") if a.text.startswith("Sans le critère ")]
    assert len(offers) == 3
    for (chip, found), offer in zip(select(urlsplit(address).query).loosened(), offers, strict=True):
        other = read("/projets/" + offer["href"])
        assert other.status.startswith("1 projet")
        assert len(other.titles) == len(found) == 1
        assert " ".join(chip.texte.split()) in offer.text


# Amounts


@mostly_long("typed", ["beaucoup", "-5", "1e5", "20 00"], one_in=4)
def test_what_is_no_amount_is_a_message_and_no_filter(read, places, typed):
    make_many_projets({"montant_eur": amount} for amount in (None, 10))
    page = read("/projets/", {"montant_max": typed})
    assert page.alert
    assert page.status == "2 projets"
    assert page.one("input", name="montant_max")["value"] == typed


# Words


def test_a_search_finds_what_the_public_may_read(places):
    cantine = ThemeFactory(nom="Restauration scolaire")
    projet = ProjetFactory(
        titre="Un portail",
        departement_id="22",
        commune_id="22050",
        intercommunalite_id="200068989",
        description="Les droits des habitants, état-civil compris.",
        suivi="Trois réunions",
        engagements="Former deux agents",
        themes=[cantine],
    )
    ProjetFactory(titre="Autre", themes=[])
    for words in (
        *("restauration", "cotes-d'armor", "Bretagne", "dinan", "agglomération", "droit", "DROITS", "etat civil"),
        *("reunion", "agent", '"droits des habitants"', "portail -cimetière", "Finistère portail"),
    ):
        assert projet in listed(f"q={words}"), words
    for words in ('"habitants droits"', "portail -droits", "-portail", "cimetière"):
        assert projet not in listed(f"q={words}"), words


def test_where_no_sheet_has_all_words_any_is_enough_and_the_page_says_so(read, places):
    ProjetFactory(departement_id="22", description="Un cimetière", themes=[])
    ProjetFactory(departement_id="29", description="Une fontaine", themes=[])
    ProjetFactory(departement_id="56", description="Un chemin", themes=[])
    page = read("/projets/?q=cimetière+fontaine")
    assert page.status == "2 projets avec au moins un mot de « cimetière fontaine »"
    assert "Aucun projet ne contient tous ces mots : voici ceux qui en contiennent au moins un" in page.text
    assert page.boxes("departement") == {"22": (1, False), "29": (1, False), "56": (0, False)}
    narrower = read("/projets/?q=cimetière+fontaine&departement=22")
    assert len(narrower.titles) == 1
    assert narrower.boxes("departement")["29"] == (1, False)


def test_one_sheet_with_all_words_is_enough_for_all_to_be_asked(read, places):
    """The same for the list and its counts, whatever other filter leaves that sheet out."""
    ProjetFactory(departement_id="22", description="Un cimetière et une fontaine", themes=[])
    ProjetFactory(departement_id="29", description="Une fontaine", themes=[])
    page = read("/projets/?q=cimetière+fontaine&departement=29")
    assert page.status.startswith("0 projet ")
    assert page.boxes("departement") == {"22": (1, False), "29": (0, True)}


def test_the_words_found_are_marked_and_text_stays_inert(read, places):
    ProjetFactory(titre="<b>Portail</b> & co", description="Un <script>alert(1)</script> portail", themes=[])
    page = read("/projets/?q=portail")
    assert "<script>alert" not in page.html
    assert "<b>Portail" not in page.html
    assert [mark.text for mark in page.all("mark")] == ["portail"]


# Around a place


def kilometres(one, other):
    """Great-circle distance by three-dimensional chords: another way than the one under test."""

    def point(code):
        latitude, longitude = map(math.radians, COMMUNES[code][3:])
        flat = math.cos(latitude)
        return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)

    return 2 * 6371 * math.asin(math.dist(point(one), point(other)) / 2)


PLACED = sorted(code for code, place in COMMUNES.items() if place[3] is not None)


@mostly_long("centre", PLACED, one_in=3)
def test_distances_are_those_of_the_earth(places, centre):
    commune = Commune.objects.get(pk=centre)
    for other in PLACED:
        distance = kilometres(centre, other)
        for km in (distance - 0.01, distance + 0.01, 1, 20, 60, 200):
            found = other in codes_within(commune, max(km, 0))
            assert found == (distance <= max(km, 0)) or other == centre, (other, km)


@mostly_long("typed", ["Dinan", "dinan", "DINAN (22)", "Dinan (22)", "22050", " Dinan "], one_in=3)
def test_a_commune_is_known_by_its_name_or_its_code(places, typed):
    near = ProjetFactory(commune_id="22339", departement_id="22", themes=[])  # Taden, 3 km
    ProjetFactory(commune_id="35288", departement_id="35", themes=[])  # Saint-Malo, 22 km
    ProjetFactory(commune_id="29084", departement_id="29", themes=[])  # of no position
    ProjetFactory(departement_id="22", themes=[])  # of no commune
    data = QueryDict(mutable=True)
    data["autour"] = typed
    selection = Selection(TYPES["projet"], data)
    assert not selection.errors
    assert records(selection) == [near]
    data["rayon"] = "25"
    assert Selection(TYPES["projet"], data).total == 2


@pytest.mark.parametrize("typed", ["Vanes", "vannnes", "Vnanes", "Vanes (56)"])
def test_a_commune_with_a_mistake_is_known(read, places, typed):
    ProjetFactory(commune_id="56260", themes=[])
    page = read("/projets/", {"autour": typed})
    assert page.alert == ""
    assert "à moins de 20 km de Vannes" in page.text
    assert len(page.titles) == 1


def test_around_a_commune_the_nearest_come_first_with_their_distance(read, places):
    for commune in ("22278", "22050", "22339"):
        ProjetFactory(commune_id=commune, titre=f"Portail {commune}", collectivite="", themes=[])
    page = read("/projets/", {"autour": "Dinan", "rayon": "100"})
    assert [card.one("h3").text for card in page.all("li", class_="fiche")] == [
        f"Portail {commune}" for commune in ("22050", "22339", "22278")
    ]
    places = [card.one("p", class_="lieu").text for card in page.all("li", class_="fiche")]
    assert [place.rpartition(" · ")[2] for place in places] == ["dans cette commune", "à 3 km", "à 53 km"]
    assert "à 3" not in read("/projets/", {"departement": "22"}).text


@pytest.mark.parametrize(
    ("address", "query", "says"),
    [
        ("/projets/", "autour=Brest&rayon=5", "3 fiches sans lieu précis ne sont pas comptées."),
        ("/projets/carte/", "autour=Dinan&rayon=200", "3 fiches sans lieu précis ne sont pas comptées."),
        ("/projets/", "autour=Dinan&departement=22", "1 fiche sans lieu précis n’est pas comptée."),
        ("/projets/", "autour=Dinan&departement=35", ""),
        ("/projets/carte/", "departement=22", ""),
    ],
)
def test_around_a_commune_one_reads_how_many_sheets_nobody_can_tell_the_distance_of(read, places, address, query, says):
    ProjetFactory(intercommunalite_id="242900314", departement_id="29", themes=[])  # Brest Métropole
    ProjetFactory(commune_id="29084", departement_id="29", themes=[])  # of no position
    ProjetFactory(departement_id="22", themes=[])
    ProjetFactory(commune_id="22339", departement_id="22", themes=[])
    ProjetFactory(commune_id="35288", departement_id="35", themes=[])
    told = [line.text for line in read(f"{address}?{query}").all("p", class_="aide") if "compté" in line.text]
    assert told == [says] * bool(says)


AROUND = {"": "ABCDE", "autour=Dinan": "ADCE", "autour=Dinan&tri=collectivite": "ACDE", "autour=Taden": "CEAD"}


@pytest.mark.parametrize("put_in_order", [500, 0])  # by themselves, or in the order of the whole list
def test_those_of_one_commune_stand_in_the_order_of_the_list(places, monkeypatch, put_in_order):
    monkeypatch.setattr("socle.catalogue.selection.SORTED", put_in_order)
    monkeypatch.setitem(ProjetFilterSet.tris, "collectivite", ("Nom", ["collectivite"]))  # not that of the commune
    taden, dinan, brest = "22339", "22050", "29019"
    for name, commune in zip(("Est", "Dol", "Cap", "Bec", "Anse"), (taden, dinan, taden, brest, dinan), strict=True):
        ProjetFactory(commune_id=commune, collectivite=name, themes=[])
    letters = {query: "".join(fiche.collectivite[0] for fiche in records(select(query))) for query in AROUND}
    assert letters == AROUND


@mostly_long(
    ("typed", "says"),
    [
        ("Saint-Armel", "communes portent ce nom : précisez, par exemple Saint-Armel (35), Saint-Armel (56)."),
        ("Atlantide", "n’est pas dans la liste"),
        ("Dinan (29)", "n’est pas dans la liste"),
        ("99999", "n’est pas dans la liste"),
        ("Île-Molène", "position de cette commune n’est pas connue"),
    ],
    one_in=3,
)
def test_a_commune_that_is_none_or_several_is_a_message(read, places, typed, says):
    ProjetFactory(commune_id="22339", departement_id="22", themes=[])
    page = read("/projets/", {"autour": typed})
    assert says in page.alert
    assert page.status == "1 projet"


@mostly_long("rayon", ["0", "201", "dix"], one_in=3)
def test_a_radius_that_is_none_is_a_message(read, places, rayon):
    ProjetFactory(commune_id="22339", departement_id="22", themes=[])
    page = read("/projets/", {"autour": "Dinan", "rayon": rayon})
    assert page.alert
    assert page.status == "1 projet à moins de 20 km de Dinan"


# Cost

# Always: what facets hold, counts and money, the median, the page, its themes. Then one for the counts of facets under
# filters, one to know whether many sheets match a search, one whether any has all of its words, one for the commune.
QUERIES = [
    "",
    "departement=22",
    "departement=22&departement=29&theme=cantine&montant_max=20000&tri=montant-croissant&page=2",
    "q=portail",
    "q=portail+cimetière",
    "q=portail+cimetière&departement=22&region=53&tranche=0-2500&intercommunalite=200068989",
    "autour=Dinan&rayon=50&departement=22",
]
# Versions; names of what facets hold, sets, order, which sheets are replaced; the words of a search, its answers; a
# commune, those around it; the page and its themes. Once they are held: versions, the words, the page, its themes, and
# the order of a short list.
COLD, WARM = 17, 6


@pytest.mark.long
def test_the_list_costs_the_same_at_twenty_and_at_two_thousand(client, places):
    themes = [ThemeFactory(nom="Cantine"), ThemeFactory(nom="Cimetière")]
    communes = [(code, place) for code, place in COMMUNES.items() if place[2]]

    def row(number):
        code, (_, departement, group, *_) = communes[number % len(communes)]
        return {
            "departement_id": departement,
            "commune_id": code,
            "intercommunalite_id": group,
            "montant_eur": [1000, None, 30000][number % 3],
            "description": ["Un portail", "Un portail de cimetière"][number // 5 % 2],
            "themes": themes[: (number // 3) % 3],
        }

    asked = sample(QUERIES, one_in=3)

    def costs():
        return {query: (cost(query, forgotten=True), cost(query)) for query in asked}

    def cost(query, *, forgotten=False):
        if forgotten:
            cache.forget()
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/projets/", QUERY_STRING=query).status_code == 200
        return len(captured)

    make_many_projets(row(number) for number in range(200))
    few = costs()
    make_many_projets(row(number) for number in range(size(1800, one_in=10)))
    for query, (cold, warm) in costs().items():
        assert max(cold, few[query][0]) <= COLD, query
        assert max(warm, few[query][1]) <= WARM, query


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (0, "montants comptés."),
        (1, "montants comptés, sans la fiche remplacée par une version suivante."),
        (2, "montants comptés, sans les 2 fiches remplacées par une version suivante."),
    ],
)
def test_the_figures_say_which_sheets_they_leave_out(read, places, later, said):
    for number in range(2):
        first = ProjetFactory(montant_eur=1000)
        if number < later:
            ProjetFactory(montant_eur=2000, remplace=first)
    assert said in read("/projets/").text
