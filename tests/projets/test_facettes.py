"""Facets as the page shows them: values that stay, zeros, a field for the rest, labels, choices kept."""

import pytest
from django.db.models import Q
from django.http import QueryDict

from fiches.indexation import together
from projets.filters import ProjetFilterSet
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.catalogue.filters import Facet
from socle.catalogue.selection import Selection
from socle.territoires.models import Intercommunalite
from tests import sampling
from tests.conftest import TYPES, PageLue, make_many_projets, read_by
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def select(query=""):
    return Selection(TYPES["projet"], QueryDict(query))


@pytest.fixture
@together()
def four(places):
    cantine, cimetiere = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Cimetière")
    ThemeFactory(nom="Archives")  # of no sheet
    ProjetFactory(departement_id="22", montant_eur=1000, themes=[cantine, cimetiere])
    ProjetFactory(departement_id="22", montant_eur=None, themes=[cantine])
    ProjetFactory(departement_id="29", montant_eur=50000, themes=[cimetiere])
    ProjetFactory(departement_id="44", montant_eur=50000, themes=[], statut=Statut.BROUILLON)


def test_values_without_result_stand_behind_one_line(read, four):
    before = read("/projets/")
    after = read("/projets/?departement=29")
    for name in ("departement", "theme"):
        assert set(before.boxes(name)) == set(after.boxes(name))
    assert after.boxes("theme") == {"cantine": (0, False), "cimetiere": (1, False)}
    behind = [line for line in after.all("details", class_="plus") if line.all("input", name="theme")]
    assert [line.one("summary").text for line in behind] == ["Afficher le seul sans résultat"]
    assert [box["value"] for box in behind[0].all("input")] == ["cantine"]
    assert after.boxes("departement") == {"22": (2, False), "29": (1, True)}
    assert before.boxes("theme") == {"cantine": (2, False), "cimetiere": (2, False)}
    assert set(before.boxes("region")) == set()  # all are in one: nothing to choose
    assert "Finistère (29) · 1" in {label.text for label in after.all("label", class_="coche")}


def test_brackets_that_some_sheet_is_in_stand_in_their_order(read, four):
    assert list(read("/projets/").boxes("tranche")) == ["0-2500", "40000-", "inconnu"]
    page = read("/projets/?departement=29")
    behind = [line for line in page.all("details", class_="plus") if line.all("input", name="tranche")]
    assert [box["value"] for line in behind for box in line.all("input")] == ["0-2500", "inconnu"]


@sampling.mostly_long("address", ["/projets/", "/projets/tableau/", "/projets/carte/", "/projets/chiffres/"], one_in=3)
def test_a_filter_that_cannot_be_read_keeps_its_text_and_the_focus_and_heads_the_list(read, four, address):
    page = read(address, {"montant_min": "20k", "departement": "29"})
    assert page.status == "1 projet dans le Finistère"
    assert "Ce filtre n’a pas été appliqué : minimum (€) « 20k »" in page.one("h2", id="bilan").text
    field = page.one("input", id="f-montant_min")
    assert field["value"] == "20k"
    assert "autofocus" in field.attributes
    assert field["aria-invalid"] == "true"
    assert "Écrivez un montant en chiffres" in page.one(id=field["aria-describedby"]).text
    assert "Erreur" in page.all("title")[0].text
    assert page.html.count("autofocus") == 1
    twice = read(address, {"montant_min": "20k", "montant_max": "beaucoup", "inconnu": "1"})
    words = "Ces filtres n’ont pas été appliqués : minimum (€) « 20k », maximum (€) « beaucoup », « inconnu »"
    assert words in twice.one("h2", id="bilan").text
    assert twice.html.count("autofocus") == 1
    assert "appliqué" not in read(address, {"tri": "hasard", "departement": "29"}).one("h2", id="bilan").text


@sampling.mostly_long(
    ("address", "clean"),
    [
        ("/projets/carte/?montrer=zz&cadre=zz", ""),
        ("/projets/carte/?montrer=zz&cadre=france", "cadre=france"),
        ("/projets/carte/?montrer=montant&truc=1", "montrer=montant"),
        ("/projets.svg?montrer=zz&departement=29", "departement=29"),
        ("/projets.svg?montrer=zz&truc=1", ""),
        ("/projets/tableau/?colonnes=zz&colonnes=commune", "colonnes=commune"),
        ("/projets/?departement=zz&departement=29&departement=finistere", "departement=29&departement=finistere"),
        ("/projets.csv?q=berric&departement=zz&departement=29", "departement=29&q=berric"),
        ("/projets.csv?excel=1&departement=zz&tri=montant-croissant", "tri=montant-croissant&excel=1"),
        ("/projets.csv?cadre=france&limite=9&truc=1&colonnes=commune", "cadre=france&limite=9&colonnes=commune"),
        ("/projets/?vue=tableau&truc=1&page=2&utm_source=x", "vue=tableau"),
        ("/projets/?autour=zzzzzzzz&rayon=10&departement=29", "departement=29"),
        ("/recherche/?truc=1&departement=29", "departement=29"),
        ("/projets.csv?autour=zzzzzzzz&rayon=10&tri=distance", ""),
        ("/projets.csv?autour=Dinan&rayon=dix&tri=montant-croissant", "autour=Dinan&tri=montant-croissant"),
    ],
    one_in=3,
)
def test_the_address_without_what_was_not_understood_keeps_the_rest_and_is_understood(
    client, settings, four, address, clean
):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    path, response = address.partition("?")[0], client.get(address)
    if response.status_code == 400:
        link = response.content.decode().split()[-1].removeprefix(settings.SITE_URL)
    else:
        link = path + PageLue(response).one("div", role="alert").one("a")["href"].removesuffix("?")
    assert link == path + ("?" if clean else "") + clean
    answer = client.get(link)
    assert answer.status_code == 200
    if response.status_code != 400:
        assert PageLue(response).alert
        assert not PageLue(answer).alert


def test_a_value_that_is_none_is_said_above_the_boxes_the_first_of_which_has_the_focus(read, four):
    page = read("/projets/", {"departement": ["zz", "29"]})
    words = "Ce filtre n’a pas été appliqué : département « zz » et « 29 »"
    assert words in page.one("h2", id="bilan").text
    assert "« zz » n’existe pas : choisissez parmi les valeurs proposées." in page.one("p", id="e-departement").text
    focused = [box for box in page.all("input") if "autofocus" in box.attributes]
    assert [(box["name"], box["aria-describedby"]) for box in focused] == [("departement", "e-departement")]
    (focused,) = [
        box
        for box in read("/projets/", {"departement": "zz", "taille": "yy"}).all("input")
        if "autofocus" in box.attributes
    ]
    assert focused["name"] == "departement"


def test_a_group_is_open_where_something_of_it_is_chosen_or_wrong(read, four):
    page = read("/projets/?departement=29&montant_max=beaucoup")
    groups = page.all("details", class_="groupe")
    assert [group.all("summary")[0].text for group in groups if "open" in group.attributes] == [
        "Département 1 choix",
        "Montant du financement 1",
    ]
    assert page.all("div", class_="valider")[0].one("button").text == "Voir la fiche"


@pytest.mark.parametrize("number", [12, 13])
def test_beyond_twelve_values_the_five_most_frequent_have_boxes_and_the_others_a_field(read, places, number):
    themes = [ThemeFactory(nom=f"Thème {chr(65 + rank)}") for rank in range(number)]
    for rank, theme in enumerate(themes):
        make_many_projets({"themes": [theme]} for _ in range(1 + (rank % 3 == 2)))
    page = read("/projets/")
    assert not page.all("select", name="theme")
    if number == 12:
        assert set(page.boxes("theme")) == {theme.slug for theme in themes}
        return
    assert list(page.boxes("theme")) == ["theme-c", "theme-f", "theme-i", "theme-l", "theme-a"]
    field = page.one("input", type="text", name="theme")
    others = ", ".join(f"Thème {letter}" for letter in "BDEGHJKM")
    assert f"Aussi : {others}." in page.text
    assert read("/projets/", {"theme": "thème k"}).boxes("theme")["theme-k"] == (1, True)
    assert field["value"] == ""
    narrowed = read("/projets/?q=introuvable&theme=theme-m")  # the chosen one stays
    assert narrowed.boxes("theme") == {"theme-m": (0, True)}


def test_intercommunalites_come_the_most_frequent_first(read, places):
    for code in ("243500139", "242900314", "242900314"):
        ProjetFactory(intercommunalite_id=code, themes=[])
    assert list(read("/projets/").boxes("intercommunalite")) == ["242900314", "243500139"]
    narrowed = read("/projets/?intercommunalite=243500139&q=rien")
    assert list(narrowed.boxes("intercommunalite")) == ["243500139", "242900314"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("q=&departement=22&montant_min=&montant_max=+&theme=&autour=&rayon=", "?departement=22"),
        ("q=&theme=", ""),
        ("departement=zz&departement=&q=a%26b", "?departement=zz&q=a%26b"),
    ],
)
def test_boxes_sent_empty_leave_the_address(client, four, sent, kept):
    for address in ("/projets/", "/recherche/"):
        answer = client.get(f"{address}?{sent}")
        assert (answer.status_code, answer["Location"]) == (302, f"{address}{kept}")
        assert client.get(f"{address}{kept}").status_code == 200
    assert client.get(f"/projets.csv?{sent}").status_code in (200, 400)


def test_a_value_asked_twice_counts_once(read, four):
    page = read("/projets/?departement=22&departement=22")
    assert page.status == "2 projets dans les Côtes-d’Armor"
    assert len(page.chips) == 1


@pytest.mark.parametrize("path", ["/projets/", "/projets.csv"])
def test_a_thousand_values_are_looked_up_in_one_query(client, places, django_assert_max_num_queries, path):
    query = "&".join(f"theme=x{number}" for number in range(999))
    with django_assert_max_num_queries(10):
        response = client.get(f"{path}?{query}")
    assert response.status_code == (200 if path.endswith("/") else 400)


def test_labels_of_brackets_go_on_a_sentence():
    labels = [("a", "Moins de 10 €", Q()), ("b", "10 € et plus", Q()), ("c", "SMS reçus", Q())]
    facet = Facet(choices=labels)
    facet.names = facet.labels = {value: label for value, label, _ in labels}
    assert facet.words(["a", "b"], str) == "moins de 10 € ou 10 € et plus"
    assert facet.words(["c"], str) == "SMS reçus"
    assert [chip.texte for chip in facet.chips("tranche", ["a"])] == ["Moins de 10 €"]


class PlainFilterSet(ProjetFilterSet):
    """A facet on a value that speaks for itself."""

    version = Facet(label="version", field_name="version", phrase="de version")


def test_a_value_without_a_name_is_its_own_name(four):
    for number, projet in enumerate(Projet.objects.published().order_by("pk")):
        Projet.objects.filter(pk=projet.pk).update(version=7 + number)
    selection = Selection(read_by(PlainFilterSet, TYPES["projet"]), QueryDict("version=8"))
    assert [option.texte for option in selection.options("version")] == ["7", "8", "9"]
    assert selection.phrase() == "1 projet de version 8"
    assert [chip.texte for chip in selection.chips] == ["8"]


# A facet of too many values to list


@pytest.fixture
def many(places):
    """A list whose sheets are of fifty intercommunalités."""
    noms = ["Dinan Agglomération bis", "Pays de Dinan", "Baie d’Armor", *(f"Communauté {n:02}" for n in range(47))]
    groups = Intercommunalite.objects.bulk_create(
        Intercommunalite(code=f"9{number:08}", nom=nom, nature="CC") for number, nom in enumerate(noms)
    )
    make_many_projets({"intercommunalite_id": group.pk} for group in groups)
    return {group.nom: group.pk for group in groups}


def test_its_first_values_have_boxes_and_the_others_are_typed(read, many):
    page = read("/projets/")
    assert len(page.all("input", type="checkbox", name="intercommunalite")) == 5
    (typed,) = page.all("input", type="text", name="intercommunalite")
    assert "intercommunalité" in typed["aria-label"]
    assert not page.all("select", name="intercommunalite")
    assert page.html.count("<") - page.html.count("</") <= 390  # as many elements at most


@sampling.mostly_long("text", ["Baie d’Armor", "baie d'armor", "armor", "  Armor ", "BAIE"], one_in=3)
def test_a_name_or_a_part_of_it_is_understood_and_the_address_keeps_the_code(read, many, text):
    page = read("/projets/", {"intercommunalite": text})
    assert page.status == "1 projet dans Baie d’Armor"
    assert page.boxes("intercommunalite")[many["Baie d’Armor"]] == (1, True)


def test_a_part_of_several_names_is_a_question_that_names_them(read, many):
    page = read("/projets/", {"intercommunalite": "dinan"})
    assert "peut dire Dinan Agglomération bis, Pays de Dinan" in page.text
    field = page.one("input", type="text", name="intercommunalite")
    assert (field["value"], "autofocus" in field.attributes) == ("dinan", True)
    assert page.status == "50 projets"


@sampling.mostly_long("text", ["zzz", "<b>", "%", "_", "\u0000x", "é" * 300], one_in=3)
def test_what_is_no_name_is_a_message(read, many, text):
    page = read("/projets/", {"intercommunalite": text})
    assert page.all(class_="erreur")
    assert page.status == "50 projets"
