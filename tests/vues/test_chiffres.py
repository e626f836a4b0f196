"""The view « Chiffres »: what it counts is what the rows of the list's own file add up to."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median, quantiles

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from hypothesis import given, settings

from projets.models import Projet
from socle.annuaire.models import Statut
from socle.catalogue.selection import Selection
from socle.journal.models import Nature
from socle.journal.writing import inscrire
from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.populations import taille
from socle.vues.chiffres import LIGNES_AVEC_MONTANT, shown
from socle.vues.graphes import distribution, step
from tests.conftest import HABITANTS, TYPES, csv_rows, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.participants import EvenementFactory
from tests.projets.test_selection_proprietes import THEMES, filters, save, sheets
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db

COUNTED = list(TYPES.values())
every_counted_type = pytest.mark.parametrize("declaration", COUNTED, ids=lambda one: one.cle)


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


def euros(text) -> Decimal:
    return Decimal(re.sub(r"[^0-9,]", "", text).replace(",", "."))


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


def test_a_list_without_amounts_shows_none(read):
    EvenementFactory.create_batch(3)
    assert "€" not in read("/agenda/chiffres/").html
    assert not read("/agenda/chiffres/").all("dl", class_="chiffres")


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


@pytest.mark.parametrize(("number", "said"), [(7, False), (8, True)])
def test_halves_and_quarters_are_told_of_eight_amounts_or_more(read, places, number, said):
    make_many_projets({"montant_eur": Decimal(1000 * (one + 1))} for one in range(number))
    page = read("/projets/chiffres/")
    assert ("entre 2 750 € et 6 250 €" in page.one("main").text) is said
    assert ("la moitié sous" in page.one("figure", class_="graphe").text) is said
    assert f"{number} montants, de 1 000 € à" in page.one("main").text


def test_amounts_far_from_nothing_begin_the_axis_near_the_smallest(read, places):
    make_many_projets({"montant_eur": Decimal(amount)} for amount in (40_000, 41_500, 42_348))
    marks = [text.text for text in read("/projets/chiffres/").one("figure", class_="graphe").all("text", y="182")]
    assert marks[0] == "40 000"
    ProjetFactory(montant_eur=300)
    assert read("/projets/chiffres/").one("figure", class_="graphe").all("text", y="182")[0].text == "0"


@pytest.mark.parametrize(
    ("wanted", "found"), [("0.01", 1), ("1", 1), ("1.01", 2), ("2.5", 5), ("9787.9", 10_000), ("10001", 20_000)]
)
def test_marks_of_an_axis_are_round(wanted, found):
    assert step(Decimal(wanted)) == found


def test_rows_are_shared_where_many_facets_are_long():
    assert shown([3, 4, 12], 36) == 12
    assert sum(min(size, shown([101, 18, 30, 40, 7], 36) + 1) for size in [101, 18, 30, 40, 7]) <= 36
    assert shown([500] * 30, 36) == 2


def test_the_page_of_the_whole_of_france_stays_light(read, places):
    Region.objects.bulk_create(Region(code=f"R{number}", nom=f"Région {number}") for number in range(16))
    Departement.objects.bulk_create(
        Departement(code=f"D{number}", nom=f"Département {number}", region_id=f"R{number % 16}") for number in range(96)
    )
    groups = [Intercommunalite(code=f"{number:09}", nom=f"Pays {number}", nature="CC") for number in range(40)]
    for group in groups:
        group.fill_keys()
    Intercommunalite.objects.bulk_create(groups)
    Commune.objects.update(population=1000)
    themes = [ThemeFactory() for _ in range(20)]
    codes = [*Departement.objects.values_list("pk", flat=True)]
    make_many_projets(
        {
            "departement_id": code,
            "intercommunalite_id": groups[rank % 40].pk if code.startswith("D") else None,
            "montant_eur": 500 * rank,
            "themes": list({themes[rank % 20], themes[rank % 7]}),
            "publiee_le": datetime(2019 + rank % 8, 6, 1, tzinfo=UTC),
        }
        for rank, code in enumerate(codes)
    )
    for query in ("", "?q=serie"):
        page = read(f"/projets/chiffres/{query}")
        charts = tables(page)
        assert len(charts) >= 6
        assert sum(map(len, charts.values())) <= LIGNES_AVEC_MONTANT
        assert any(row.startswith("Les ") and row.endswith(" autres") for row in charts["Département"])
        assert elements(page) <= 380  # a tab and a feed of other views weigh too


# For every type


@pytest.mark.long
@every_counted_type
@mostly_long("size", [size(20, one_in=2), 1], one_in=2)
def test_the_page_of_every_type_costs_the_same_whatever_their_number(
    client, django_assert_max_num_queries, declaration, size
):
    factory_of(declaration.model).create_batch(size, titre="Accueil de la fiche")
    address = reverse(f"{declaration.espace}:chiffres")
    for query, queries in (("", 3), ("?q=accueil", 4)):
        client.get(address + query)
        with django_assert_max_num_queries(queries):
            assert client.get(address + query).context["selection"].total == size
    lines = csv_rows(client.get(reverse(f"{declaration.espace}:chiffres-csv")))
    assert lines[0] | {"fiches": str(size), "intitule": "Ensemble", "critere": ""} == lines[0]


@every_counted_type
def test_hostile_parameters_are_a_message_on_the_page_and_refused_by_the_file(client, declaration):
    factory_of(declaration.model)()
    page, file = (reverse(f"{declaration.espace}:{cle}") for cle in ("chiffres", "chiffres-csv"))
    for query in (
        "theme=nulle-part",
        "annee=9" * 50,
        "theme=%00",
        "inconnu=1",
        "annee=%27+OR+1=1",
        f"tri={'x' * 5000}",
    ):
        response = client.get(f"{page}?{query}")
        assert response.status_code == 200, query
        assert response.context["selection"].errors, query
        assert 'role="alert"' in response.content.decode()
        assert client.get(f"{file}?{query}").status_code == 400, query
    assert 'aria-label="Filtrer les fiches' in client.get(f"{page}?theme=nulle-part").content.decode()


def test_the_file_of_figures_is_one_for_spreadsheets_too(client, some):
    lines = b"".join(client.get("/projets/chiffres.csv?excel=1").streaming_content).decode().splitlines()
    assert lines[0] == '\ufeff"Critère";"Code";"Intitulé";"Fiches";"Montants comptés";"Total (€)";"Médiane (€)"'
    assert lines[1] == ';;"Ensemble";"5";"3";"17000,00";"5000,00"'


def test_records_chosen_to_be_compared_stay_chosen_and_narrow_no_figure(client, read, some):
    page = read(f"/projets/chiffres/?theme=archives&fiche={some[0].pk}")
    assert page.status == "3 projets sur Archives"
    tabs = page.one("nav", class_="onglets").all("a")
    assert all(f"fiche={some[0].pk}" in tab["href"] for tab in tabs)
    files = [a["href"] for a in page.one("main").all("a") if "chiffres.csv" in a["href"]]
    assert files == ["/projets/chiffres.csv?theme=archives&excel=1", "/projets/chiffres.csv?theme=archives"]
    assert [client.get(file).status_code for file in files] == [200, 200]


def test_a_draft_changes_no_figure(read, some):
    before = tables(read("/projets/chiffres/"))
    ProjetFactory(departement_id="22", montant_eur=70_000, statut=Statut.BROUILLON)
    assert tables(read("/projets/chiffres/")) == before
    ProjetFactory(departement_id="22", montant_eur=70_000, themes=[])
    assert tables(read("/projets/chiffres/"))["Département"]["Côtes-d’Armor (22)"] == ["4", "73 000 €"]
