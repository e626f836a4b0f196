"""The view « Chiffres »: what it counts is what the rows of the list's own file add up to."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median, quantiles

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given, settings

from projets.models import Projet
from socle.catalogue.selection import Selection
from socle.journal.models import Nature
from socle.journal.writing import inscrire
from socle.territoires.models import Commune, Departement
from socle.territoires.populations import taille
from socle.vues.chiffres import LIGNES_AVEC_MONTANT
from socle.vues.graphes import distribution
from tests.conftest import HABITANTS, TYPES, csv_rows, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.participants import EvenementFactory
from tests.projets.test_selection_proprietes import THEMES, filters, save, sheets
from tests.sampling import size

pytestmark = pytest.mark.django_db


def tables(page) -> dict[str, dict[str, list[str]]]:
    """{heading: {row: its numbers}} of the charts of a page."""
    found = {}
    for table in page.all("table", class_="barres"):
        caption = table.one("caption")
        title = "".join(child for child in caption.children if isinstance(child, str)).strip()
        rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr")}
        found[title] = rows
    return found


def elements(element, drawn=False) -> int:
    """How many tags there are in it, what is inside a drawing left out."""
    tags = [child for child in element.children if not isinstance(child, str)]
    return sum((not drawn) + elements(tag, drawn or tag.name == "svg") for tag in tags)


# Figures are sums of the rows of the CSV


@settings(max_examples=size(150, one_in=25))
@given(found=sheets(), asked=filters())
def test_figures_are_what_the_rows_of_the_list_add_up_to(client, places, found, asked):
    with transaction.atomic():
        save(found, {slug: ThemeFactory(nom=nom) for slug, nom in THEMES.items()})
        query = f"?{urlencode(asked, doseq=True)}"
        if client.get(f"/projets.csv{query}").status_code == 200:  # no bound contradicts the other
            check(client, query)
        transaction.set_rollback(True)


def check(client, query):
    rows = csv_rows(client.get(f"/projets.csv{query}"))
    chain = {projet.pk: projet.remplace_id for projet in Projet.objects.all()}
    replaced = set()
    for pk in Projet.objects.published().values_list("pk", flat=True):
        while pk := chain[pk]:
            replaced.add(pk)
    groups = defaultdict(list)
    for row in rows:
        groups["", ""].append(row)
        groups["departement", row["departement_code"]].append(row)
        for theme in filter(None, row["themes"].split(" | ")):
            groups["theme", next(slug for slug, nom in THEMES.items() if nom == theme)].append(row)
        if not row["themes"]:
            groups["theme", ""].append(row)
        people = HABITANTS.get(row["commune_insee"])
        groups["taille", "" if people is None else taille(people)].append(row)
    told = {
        (line["critere"], line["valeur"]): line
        for line in csv_rows(client.get(f"/projets/chiffres.csv{query}"))
        if line["critere"] in ("", "departement", "theme", "taille")
    }
    if not rows:
        assert [line["fiches"] for line in told.values()] == ["0"]
        return
    assert set(told) == set(groups)
    for key, members in groups.items():
        line = told[key]
        assert int(line["fiches"]) == len(members), key
        known = [row for row in members if row["montant_eur"] and int(row["identifiant"]) not in replaced]
        amounts = [Decimal(row["montant_eur"]) for row in known]
        assert int(line["montants"]) == len(amounts), key
        assert line["total_eur"] == (f"{sum(amounts):.2f}" if amounts else ""), key
        # Python rounds halves of a cent to the even one, as the file does.
        assert line["mediane_eur"] == (f"{median(amounts):.2f}" if amounts else ""), key
    selection = Selection(TYPES["projet"], QueryDict(query[1:]))
    chiffres = selection.list_sets.chiffres(selection.records)
    amounts = sorted(
        Decimal(row["montant_eur"]) for row in rows if row["montant_eur"] and int(row["identifiant"]) not in replaced
    )
    assert chiffres.non_comptees == sum(int(row["identifiant"]) in replaced for row in rows)
    assert chiffres.montants + chiffres.non_comptees + chiffres.inconnus == len(rows)
    assert [amount for amount, _ in chiffres.extremes] == ([amounts[0], amounts[-1]] if amounts else [])
    if len(amounts) > 1:  # quartiles as QUARTILE.INC of spreadsheets has them
        first, middle, third = quantiles(amounts, n=4, method="inclusive")
        assert (chiffres.mediane, chiffres.quartiles) == (middle, [first, third])
        drawn = distribution(chiffres)
        assert sum(classe.compte for classe in drawn.classes) == len(drawn.points) == len(amounts)


# What the page says


@pytest.fixture
def some(places):
    """Five sheets: one replaced, one of an unknown amount, one in two themes, one without a place."""
    cantine, archives = ThemeFactory(nom="Cantine"), ThemeFactory(nom="Archives")
    Commune.objects.filter(departement="22").update(population=1000)
    Commune.objects.filter(departement="56").update(population=20000)
    first = ProjetFactory(departement_id="22", montant_eur=1000, themes=[cantine])
    ProjetFactory(departement_id="22", montant_eur=3000, themes=[cantine, archives], remplace=first)
    ProjetFactory(departement_id="22", montant_eur=0, themes=[archives])
    ProjetFactory(departement_id="56", montant_eur=9000, themes=[])
    ProjetFactory(departement_id=None, montant_eur=5000, themes=[archives])
    return Projet.objects.order_by("pk")


def test_amounts_that_count_nowhere_are_said(read, some):
    main = read("/projets/chiffres/").one("main")
    figures = {div.one("dt").text: div.one("dd").text for div in main.one("dl", class_="chiffres").all("div")}
    assert figures["au total"] == "17 000 €"
    assert figures["montant médian"] == "5 000 €"
    smallest, largest = main.one("dl", class_="chiffres").all("a")
    assert (smallest["href"], largest["href"]) == (some[1].get_absolute_url(), some[3].get_absolute_url())
    assert "Calculé sur 3 montants. 1 montant n’est pas connu. 1 fiche remplacée par une version suivante" in main.text
    assert "son montant n’est compté dans aucun total" in main.text
    assert "La moitié des montants" not in main.text  # of three


def test_each_facet_has_its_chart_with_numbers_and_amounts(read, some):
    page = read("/projets/chiffres/")
    found = tables(page)
    assert found["Département"] == {
        "Côtes-d’Armor (22)": ["3", "3 000 €"],
        "Morbihan (56)": ["1", "9 000 €"],
        "Non renseigné": ["1", "5 000 €"],
    }
    assert found["Thème"] == {
        "Archives": ["3", "8 000 €"],
        "Cantine": ["2", "3 000 €"],
        "Non renseigné": ["1", "9 000 €"],
    }
    assert list(found["Montant du financement"]) == [
        "Moins de 2 500 €",
        "De 2 500 à moins de 5 000 €",
        "De 5 000 à moins de 10 000 €",
        "Montant non renseigné",
    ]
    notes = {table.one("caption").text for table in page.all("table", class_="barres") if table.all("small")}
    assert notes == {"Thème Une fiche qui en a plusieurs compte dans chaque ligne."}
    theme = next(table for table in page.all("table", class_="barres") if table.one("caption").text.startswith("Thème"))
    assert [path["d"] for path in theme.all("path")] == ["M0 0h100.0v1H0z", "M0 0h66.7v1H0z"]


def test_amounts_are_told_per_inhabitant(read, some):
    """Two communes of a thousand persons in one département of three, two of twenty thousand in the other."""
    people = {code: Commune.objects.filter(departement=code).count() for code in ("22", "56")}
    assert people == {"22": 3, "56": 2}
    told = tables(read("/projets/chiffres/"))["Montant par habitant, par département"]
    assert told == {"Côtes-d’Armor (22)": ["1 €"], "Morbihan (56)": ["0,22 €"]}
    Commune.objects.filter(departement="22").update(population=2000)
    inscrire("lieu", nature=Nature.RETIREE)
    told = tables(read("/projets/chiffres/"))["Montant par habitant, par département"]
    assert told["Côtes-d’Armor (22)"] == ["0,50 €"]


def test_a_part_stands_beside_the_whole_list(read, some):
    page = read("/projets/chiffres/?theme=archives")
    assert page.status == "3 projets sur Archives"
    main = page.one("main").text
    assert "celui des 5 fiches de toute la liste" in main
    assert "au total (toute la liste : 17 000 €)" in main
    assert "montant médian (toute la liste : 5 000 €)" in main
    assert "Calculé sur 2 montants (toute la liste : 3)" in main
    assert tables(page)["Département"]["Côtes-d’Armor (22)"] == ["2 sur 3", "3 000 € sur 3 000 €"]
    assert tables(page)["Thème"]["Cantine"] == ["1 sur 2", "3 000 € sur 3 000 €"]
    assert tables(page)["Montant par habitant, par département"] == {
        "Côtes-d’Armor (22)": ["1 €", "toute la liste : 1 €"]
    }
    assert "toute la liste" not in read("/projets/chiffres/").one("main").text


def test_sheets_are_counted_by_the_year_of_their_publication_events_by_that_of_their_day(read):
    for year in (2021, 2021, 2023):
        ProjetFactory(publiee_le=datetime(year, 12, 31, 23, 30, tzinfo=UTC), themes=[])  # already the next, here
    make_many_projets([{"datee": False}])
    assert tables(read("/projets/chiffres/"))["Année de publication"] == {
        "2022": ["2", "aucun"],
        "2024": ["1", "aucun"],
        "Non renseigné": ["1", "aucun"],
    }
    EvenementFactory(debut=datetime(2019, 5, 3, 9, tzinfo=UTC))
    EvenementFactory(debut=datetime(2027, 5, 3, 9, tzinfo=UTC))
    EvenementFactory(dans=None)
    assert tables(read("/agenda/chiffres/"))["Année"] == {"2019": ["1"], "2027": ["1"], "Non renseigné": ["1"]}
    assert len(read("/agenda/?annee=2019").titles) == 1


def test_nothing_found_is_said_and_no_amount_too(read, some):
    assert "Aucune fiche ne répond à tous ces critères" in read("/projets/chiffres/?q=rien&departement=29").text
    page = read("/projets/chiffres/?tranche=inconnu")
    assert "Aucun montant à compter. 1 montant n’est pas connu (toute la liste : 1)." in page.one("main").text
    assert not page.all("figure")


# Charts


def test_many_amounts_are_counted_in_classes_of_one_width(read, places):
    make_many_projets({"montant_eur": Decimal(1 + number * 37)} for number in range(101))
    figure = read("/projets/chiffres/").one("figure", class_="graphe")
    assert not figure.all("path", class_="points")
    widths = {rect["width"] for rect in figure.all("rect")}
    assert len(widths) == 1
    counts = [int(text.text) for text in figure.all("text", class_="c") if text["y"] != "182"]
    assert sum(counts) == 101
    table = read("/projets/chiffres/").one("table", class_="etroit")
    assert [int(cell.text) for cell in table.all("td")] == counts
    assert [text.text for text in figure.all("text", y="182")][:3] == ["0", "500", "1 000"]


@pytest.mark.parametrize("times", [1, 21])  # a point each, or too many for that
def test_a_class_holds_its_lower_mark_and_not_its_upper_one(read, places, times):
    amounts = [Decimal(amount) for amount in ("499.99", "500", "999.99", "1000", "4400")]
    make_many_projets({"montant_eur": amount} for amount in amounts * times)
    table = read("/projets/chiffres/").one("table", class_="etroit")
    found = {row.one("th").text: int(row.one("td").text) for row in table.one("tbody").all("tr")}
    many = {"0 à 500 €": 1, "500 à 1 000 €": 2, "1 000 à 1 500 €": 1, "4 000 à 4 500 €": 1}
    assert found == {words: number * times for words, number in many.items()}


def test_the_page_of_the_whole_of_france_stays_light(read, places):
    codes = [f"D{number}" for number in range(96)]
    Departement.objects.bulk_create(Departement(code=code, nom=f"Département {code}", region_id="53") for code in codes)
    themes = ThemeFactory.create_batch(20)
    make_many_projets(
        {"departement_id": code, "montant_eur": 500 * rank, "themes": [themes[rank % 20]]}
        for rank, code in enumerate(codes)
    )
    page = read("/projets/chiffres/")
    charts = tables(page)
    assert sum(map(len, charts.values())) <= LIGNES_AVEC_MONTANT
    assert any(row.startswith("Les ") and row.endswith(" autres") for row in charts["Département"])
    assert elements(page) <= 380  # a tab and a feed of other views weigh too


def test_the_file_of_figures_is_one_for_spreadsheets_too(client, some):
    lines = b"".join(client.get("/projets/chiffres.csv?excel=1").streaming_content).decode().splitlines()
    assert lines[0] == '\ufeff"Critère";"Code";"Intitulé";"Fiches";"Montants comptés";"Total (€)";"Médiane (€)"'
    assert lines[1] == ';;"Ensemble";"5";"3";"17000,00";"5000,00"'
