"""The home page: how many sheets, for how much, where, on what, and which are new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projets.models import Projet
from socle.annuaire.models import Statut
from tests.conftest import cost, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import EvenementFactory
from tests.sampling import size

pytestmark = pytest.mark.django_db


def test_an_empty_site_has_a_home(read):
    page = read("/")
    assert "Il n’y a pas encore de fiche publiée" in page.text
    assert "Par exemple" not in page.text
    assert "Finistère" in page.one("figure", class_="carte").text
    assert not page.all("circle", class_="feu")


def test_figures_are_those_of_the_lists_they_lead_to(read, places):
    cantine, archives = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Archives")
    ThemeFactory(nom="De personne")
    first = ProjetFactory(departement_id="22", intercommunalite_id="200068989", montant_eur=1000, themes=[cantine])
    ProjetFactory(departement_id="22", montant_eur=3000, remplace=first, themes=[cantine, archives])
    ProjetFactory(departement_id="29", montant_eur=None, themes=[])
    ProjetFactory(draft=True, departement_id="35", montant_eur=70000, themes=[archives])
    page = read("/")
    places_ = page.one("figure", class_="carte").one("table").all("tr")[1:]
    assert [row.text for row in places_] == ["Côtes-d’Armor 2 3 000 €", "Finistère 1"]
    on_the_map = page.one("figure", class_="carte").one("svg", class_="hero").all("a")
    assert [a["aria-label"] for a in on_the_map] == ["Côtes-d’Armor\u00a0: 2 projets", "Finistère\u00a0: 1 projet"]
    assert "70 000" not in page.html
    themes = page.all("a", class_="etiq")
    assert [a.text for a in themes] == ["Cantine (2)", "Archives (1)"]
    assert not page.one("figure", class_="carte").one("details").all("p"), "départements alone"
    for words, address in [(a["aria-label"], a["href"]) for a in on_the_map] + [(a.text, a["href"]) for a in themes]:
        digits = int("".join(filter(str.isdigit, words)))
        assert len(read(address).titles) == digits, words
    assert {row.one("a")["href"] for row in places_} == {a["href"] for a in on_the_map}
    doors = page.one("ul", class_="portes").all("li")
    assert doors[0].one("b").text == "3"
    assert len(page.titles) == 3


def test_the_latest_sheets_come_first(read, places):
    projets = [ProjetFactory(themes=[]) for _ in range(6)]
    projets[1].objectifs = "Corrigé"
    projets[1].save()
    page = read("/")
    assert page.titles == [projets[n].get_absolute_url() for n in (1, 5, 4)]


def test_home_tells_what_is_to_come_apart_from_what_is_past(read):
    now = timezone.now()
    past = EvenementFactory(titre="Balise", debut=now - timedelta(days=9))
    page = read("/")
    assert shown(page, "/agenda/") == f"Passé : {past.jour_en_mots} Balise"
    assert "À suivre" not in page.text, "nothing is to come"
    EvenementFactory(titre="Commencé", debut=now - timedelta(days=2), fin=now + timedelta(days=1))
    assert shown(read("/"), "/agenda/") == "En ce moment Commencé"
    EvenementFactory(titre="Annulé", debut=now + timedelta(days=1), annule_le=now)
    EvenementFactory(titre="Plus tard", debut=now + timedelta(days=40))
    assert shown(read("/"), "/agenda/").endswith("Plus tard")
    soon = EvenementFactory(titre="Bientôt", debut=now + timedelta(days=2))
    EvenementFactory(titre="Brouillon", debut=now + timedelta(days=1), statut=Statut.BROUILLON)
    page = read("/")
    assert [li.one("h3").text for li in page.one("section", **{"aria-labelledby": "t-suivre"}).all("li")] == ["Bientôt"]
    assert shown(page, "/agenda/") == f"Prochain rendez-vous : {soon.jour_en_mots} Bientôt"


def test_home_says_that_a_word_lacks_its_definition_and_shows_one_that_has_it_if_there_is_one(read):
    TermeFactory(titre="Fracture", definition="")
    page = read("/")
    assert [li.one("span", class_="etiq").text for li in page.all("li", class_="carton")] == ["À définir"]
    assert "Glossaire 1" in page.one("ul", class_="portes").text
    TermeFactory(titre="Aller vers", definition="Sortir de ses murs.")
    assert shown(read("/"), "/glossaire/") == "Terme Aller vers"


def shown(page, adresse) -> str:
    """What home tells of a type, by the address of its list."""
    return next(
        f"{carton.one('p', class_='sur').text} {carton.one('h3').text}"
        for carton in page.all("li", class_="carton")
        if carton.one("h3").one("a")["href"].startswith(adresse)
    )


def test_the_examples_of_searches_are_what_most_records_hold_and_find_it(read, places):
    cantine, archives, rare = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Archives"), ThemeFactory(nom="Rare")
    for commune, themes in (
        ("22050", [cantine]),
        ("22050", [cantine, archives]),
        ("56205", [archives]),
        (None, [rare]),
        *[(None, [])] * 4,
    ):
        ProjetFactory(commune_id=commune, departement_id=commune and commune[:2], themes=themes)
    ProjetFactory(commune_id="29019", themes=[rare] * 3, draft=True)
    assert "Archives" in read("/recherche/").text
    shown = [a for a in read("/").all("a") if "?q=" in a["href"]]
    assert [a.text for a in shown] == ["Archives", "Cantine", "Dinan"]
    assert [len(read(a["href"]).titles) for a in shown] == [2, 2, 2]


@pytest.mark.long
def test_home_costs_the_same_at_twenty_and_at_two_thousand(client, places):
    themes = [ThemeFactory(), ThemeFactory()]

    def row(number):
        departement = ["22", "29", "35", "44", "56"][number % 5]
        return {"departement_id": departement, "montant_eur": number, "themes": themes[: number % 3]}

    make_many_projets(row(number) for number in range(10))
    client.get("/")  # what a process reads once, whichever test comes first
    make_many_projets(row(number) for number in range(10, 20))
    few = cost(client, "/")
    more = range(size(1980, one_in=10))
    make_many_projets(row(number) for number in more)
    # What changed, which records, their values, their themes; places; money; latest sheets, their themes; examples.
    assert cost(client, "/") == few == 10
    assert Projet.objects.filter(statut=Statut.PUBLIEE).count() == 20 + len(more)
