"""/projets/tableau/ and its likes: the records of the list and of its file, in the columns that were asked."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from labacces.recherche import RechercheView
from socle.annuaire.models import Entree
from socle.francais.wording import euros
from socle.vues import tableau
from tests.conftest import PageLue, csv_rows, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.enquetes import EnqueteFactory
from tests.factories.glossaire import TermeFactory
from tests.factories.participants import EvenementFactory
from tests.fiches.tableur import full
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db

FILTRES = "Filtrer les fiches\u202f; un nombre de fiches suit chaque choix"


def rows(page) -> list[tuple[str, list[str]]]:
    """(address of the record, words of its cells) of each row."""
    body = page.one("tbody").all("tr")
    return [(row.one("a")["href"], [cell.text for cell in row.children if not isinstance(cell, str)]) for row in body]


def headings(page) -> list[str]:
    return [cell.text for cell in page.one("thead").all("th")]


def all_pages(read, address: str) -> list:
    """The rows of a page and of those that follow it."""
    found = []
    while address:
        page = read(address)
        found += rows(page) if page.all("tbody") else []
        following = [a["href"] for a in page.all("a", rel="next")]
        address = f"/projets/tableau/{following[0]}" if following else ""
    return found


@st.composite
def questions(draw):
    """A query string of the list of projects."""
    asked = [f"departement={code}" for code in draw(st.sets(st.sampled_from(["22", "29", "56"]), max_size=2))]
    asked += draw(st.sampled_from([[], ["montant_max=6000"], ["montant_min=2000"], ["q=cantine"]]))
    asked += draw(st.sampled_from([[], ["tri=montant-decroissant"], ["tri=montant-croissant"], ["tri=recent"]]))
    return asked


@pytest.fixture
def many(places, monkeypatch):
    monkeypatch.setattr(tableau, "ROWS", 5)
    cantine = ThemeFactory(nom="Cantine")
    return make_many_projets(
        {
            "departement_id": ("22", "29", "56")[number % 3],
            "montant_eur": None if number % 4 == 3 else Decimal(1000 * (number % 7)),
            "titre": f"Une {'cantine' if number % 2 else 'école'} {number}",
            "themes": [cantine] if number % 5 else [],
        }
        for number in range(24)
    )


@pytest.mark.long
def test_the_pages_one_after_the_other_are_the_file(client, read, many):
    @given(questions())
    def check(asked):
        query = "&".join(asked)
        columns = "&".join((query, "colonnes=titre&colonnes=montant_eur&colonnes=departement&colonnes=themes"))
        told = csv_rows(client.get(f"/projets.csv?{query}"))
        expected = [
            (
                row["url"].removeprefix(settings.SITE_URL),
                [
                    row["titre"],
                    " ".join(euros(Decimal(row["montant_eur"])).split()) if row["montant_eur"] else "",
                    row["departement"],
                    row["themes"],
                ],
            )
            for row in told
        ]
        assert all_pages(read, f"/projets/tableau/?{columns}") == expected

    check()


def test_a_page_follows_the_record_it_was_asked_to_whatever_is_published_meanwhile(read, many):
    before = all_pages(read, "/projets/tableau/?tri=recent")
    (following,) = [a["href"] for a in read("/projets/tableau/?tri=recent").all("a", rel="next")]
    ProjetFactory(titre="Le dernier")
    assert rows(read(f"/projets/tableau/{following}")) == before[5:10]


# Columns


def test_cells_say_amounts_days_numbers_and_several_values_in_french(read, places):
    themes = [ThemeFactory(nom="Cantine"), ThemeFactory(nom="École")]
    when = datetime(2024, 3, 1, 9, tzinfo=UTC)
    ProjetFactory(
        titre="BERRIC - Portail", montant_eur=Decimal("15000.5"), themes=themes, publiee_le=when, description="L'école"
    )
    asked = ("titre", "montant_eur", "themes", "publiee_le", "description")
    page = read("/projets/tableau/?" + "&".join(f"colonnes={nom}" for nom in asked))
    ((_, cells),) = rows(page)
    assert cells == ["BERRIC - Portail", "15 000,50 €", "Cantine, École", "1er mars 2024", "L’école"]
    assert headings(page) == ["Titre", "Montant (€)", "Thèmes", "Publiée le", "Description synthétique du projet"]
    assert [cell.text for cell in page.one("tbody").all("td", class_="num")] == ["15 000,50 €"]


def test_a_day_without_its_time_is_a_day(read):
    EvenementFactory(debut=datetime(2027, 2, 28, 23, tzinfo=UTC), heure_connue=False)
    assert rows(read("/agenda/tableau/?colonnes=debut"))[0][1][1] == "1er mars 2027"


@some_types
def test_every_type_has_a_table_of_few_columns_and_of_any(client, read, declaration, places, monkeypatch):
    fiche = full(declaration)
    address = reverse(f"{declaration.espace}:tableau")
    monkeypatch.setattr(declaration.model, "from_db", None)  # no record is made
    usual = read(address)
    assert 3 <= len(headings(usual)) <= 5
    assert rows(usual)[0][0] == fiche.get_absolute_url()
    columns = [column.nom for column in declaration.liste().get_columns()]
    ((_, cells),) = rows(read(f"{address}?" + "&".join(f"colonnes={nom}" for nom in columns)))
    said = dict(zip(["titre", *(nom for nom in columns if nom not in ("titre", "url"))], cells, strict=True))
    for column in declaration.liste().get_columns():
        assert bool(said.get(column.nom, column.nom)) == bool(column.value(fiche)), column.nom
    assert " | " not in "".join(text for nom, text in said.items() if nom not in declaration.model.textes)


def test_a_site_search_is_a_table_too(read, places):
    projet = ProjetFactory(titre="Un portail", departement_id="22", themes=[])
    ProjetFactory(titre="Autre chose")
    (row,) = rows(read("/recherche/tableau/?q=portail"))
    assert row == (projet.get_absolute_url(), [*row[1][:1], "projet", *row[1][2:]])
    assert {*RechercheView.tableau} <= {column.nom for column in RechercheView.columns}
    assert "/recherche/tableau/?q=portail" in read("/recherche/?q=portail").html
    assert Entree.objects.count() == 2


def test_columns_asked_stay_in_the_links_of_the_table_and_in_no_other(read, many):
    page = read("/projets/tableau/?colonnes=montant_eur&departement=22&tri=recent")
    hrefs = [a["href"] for a in page.one("main").all("a")]
    inner = [href for href in hrefs if href.startswith("?") or href.startswith("/projets/tableau/")]
    assert len(inner) > 3
    assert all("colonnes=montant_eur" in href for href in inner)
    assert not any("colonnes" in href for href in hrefs if href not in inner and "tableau" not in href), hrefs
    hidden = {(one["name"], one["value"]) for one in page.all("input", type="hidden")}
    assert {("departement", "22"), ("tri", "recent")} <= hidden
    boxes = {box["value"]: "checked" in box.attributes for box in page.all("input", name="colonnes")}
    assert [nom for nom, checked in boxes.items() if checked] == ["montant_eur"]


def test_a_column_that_is_none_is_said_and_left_out(read, many):
    page = read("/projets/tableau/?colonnes=montant_eur&colonnes=rien&colonnes=%3Cb%3E")
    assert "La colonne « rien » n’existe pas." in page.alert
    assert "« <b> »" in page.alert
    assert headings(page) == ["Titre", "Montant (€)"]
    usual = read("/projets/tableau/?colonnes=rien")
    assert headings(usual) == headings(read("/projets/tableau/"))


@mostly_long(
    "query",
    [
        *("colonnes=%00", "colonnes=" + "x" * 5000, "&".join(f"colonnes=c{n}" for n in range(900))),
        *("page=0", "page=-1", "page=99999999999999", "apres=99999999999", "apres=x", "tri=%00", "fiche=%00"),
        *("colonnes=titre__nom", "colonnes=entree__statut", "inconnu=1", "departement=zz&montant_min=beaucoup"),
    ],
    one_in=3,
)
def test_what_is_malformed_is_no_error(client, many, query):
    response = client.get("/projets/tableau/", QUERY_STRING=query)
    assert response.status_code == 200
    assert len(rows(PageLue(response))) == 5
    assert len(response.content) < 60_000


def test_a_long_text_is_cut_in_its_cell(read):
    ProjetFactory(description="Un mot puis un autre. " * 50)
    ((_, cells),) = rows(read("/projets/tableau/?colonnes=description"))
    assert len(cells[1]) <= tableau.LONG
    assert cells[1].startswith("Un mot puis")
    assert cells[1].endswith("…")


# Titles


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("BERRIC - Mise en place d'un portail", "Mise en place d’un portail"),
        ("BERRIC - GUICHET POUR TOUS", "Guichet pour tous"),
    ],
)
def test_pages_say_one_title_and_files_the_one_that_was_written(client, read, places, written, said):
    projet = ProjetFactory(titre=written, collectivite="Berric")
    assert read(projet.get_absolute_url()).one("h1").text == said
    assert [card.one("a").text for card in read("/projets/").all("li", class_="fiche")] == [said]
    for address in ("/projets/tableau/", "/recherche/tableau/"):
        assert [cells[0] for _, cells in rows(read(address))] == [said]
    compared = f"fiche={projet.pk}"
    assert read(f"/projets/comparer/?{compared}").one("thead").one("a").text == said
    assert client.get(f"/projets/comparer.csv?{compared}").content.decode().startswith(f'"titre","{written}"\r\n')
    assert [row["titre"] for row in csv_rows(client.get("/projets.csv"))] == [written]
    for end in ("json", "jsonl"):
        assert f'"titre":"{written}"' in b"".join(client.get(f"/projets.{end}").streaming_content).decode()
    assert client.get(f"/api/v1/projets/{projet.pk}").json()["titre"] == written


def test_a_day_that_a_title_held_stands_in_its_column(read):
    EvenementFactory(titre="Balise MedNum 15/11/24", debut=datetime(2024, 11, 15, 9, tzinfo=UTC))
    assert rows(read("/agenda/tableau/?colonnes=lieu"))[0][1][0] == "Balise MedNum"


# Sorts


def test_a_heading_sorts_and_then_turns_round(read, many):
    page = read("/projets/tableau/")
    sorts = {cell.text: cell for cell in page.one("thead").all("th")}
    assert sorts["Nom de la collectivité"]["aria-sort"] == "ascending"
    assert not sorts["Thèmes"].all("a")
    amounts = {}
    for sens in ("descending", "ascending"):
        page = read(f"/projets/tableau/{sorts['Montant (€)'].one('a')['href']}")
        sorts = {cell.text: cell for cell in page.one("thead").all("th")}
        assert sorts["Montant (€)"]["aria-sort"] == sens
        assert [cell.text for cell in page.all("th") if "aria-sort" in cell.attributes] == ["Montant (€)"]
        query = next(a["href"] for a in page.one("nav", class_="onglets").all("a") if "tableau" in a["href"])
        found = all_pages(read, query)
        amounts[sens] = [cells[3] for _, cells in found if cells[3] and cells[3] != "0 €"]
    numbers = [int(text.removesuffix(" €").replace(" ", "")) for text in amounts["descending"]]
    assert numbers == sorted(numbers, reverse=True)
    assert amounts["ascending"] == amounts["descending"][::-1]
    assert len(numbers) > 10


@some_types
def test_each_sort_of_a_column_exists_and_gives_the_order_it_says(client, read, declaration, places):
    factory_of(declaration.model).create_batch(3)
    selection = client.get(reverse(declaration.url_name)).context["selection"]
    columns = {column.nom for column in declaration.liste().get_columns()}
    for nom, pair in selection.filterset.tris_de.items():
        assert nom in columns
        for tri, sens in zip(pair, ("ascending", "descending"), strict=True):
            if tri in selection.tris:
                page = read(f"{reverse(f'{declaration.espace}:tableau')}?colonnes={nom}&tri={tri}")
                (cell,) = [cell for cell in page.all("th") if "aria-sort" in cell.attributes]
                assert cell["aria-sort"] == sens


def test_titles_go_from_a_to_z(read, places):
    for titre in ("Élan", "abri", "Zone"):
        EvenementFactory(titre=titre)
    assert [cells[0] for _, cells in rows(read("/agenda/tableau/?tri=titre"))] == ["abri", "Élan", "Zone"]


# The page


def test_the_region_that_scrolls_has_a_name_and_the_focus(read, many):
    page = read("/projets/tableau/")
    region = page.one("section", class_="defile")  # a region, once it has a name
    assert region["tabindex"] == "0"
    assert page.one("caption")["id"] == region["aria-labelledby"]
    assert page.one("nav", class_="onglets").one("a", **{"aria-current": "page"}).text == "Tableau"
    assert {cell["scope"] for cell in page.one("tbody").all("th")} == {"row"}


def test_nothing_found_is_said_as_on_the_list(read, many):
    page = read("/projets/tableau/?q=introuvable")
    assert "Aucune fiche ne répond" in page.text
    assert not page.all("table")


def test_a_row_says_what_its_record_lacks(read):
    TermeFactory(titre="Aller vers", definition="")
    assert "à définir" in rows(read("/glossaire/tableau/"))[0][1]


@some_types
def test_each_cell_says_its_heading_to_a_phone_which_folds_the_rows(read, declaration):
    factory_of(declaration.model)()
    table = read(f"{declaration.lien}tableau/").one("table", class_="plie")
    _, *headings = [one.text for one in table.one("thead").all("th")]
    (row,) = table.one("tbody").all("tr")
    assert [cell["data-l"] for cell in row.all("td")] == headings


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=2)])
def test_it_costs_the_same_whatever_its_length(client, django_assert_max_num_queries, size):
    ProjetFactory.create_batch(size)
    client.get("/projets/tableau/")
    with django_assert_max_num_queries(6):
        assert client.get("/projets/tableau/?tri=recent").context["selection"].total == size


def test_every_view_of_the_glossary_counts_the_words_to_be_defined(read):
    TermeFactory.create_batch(2)
    TermeFactory.create_batch(3, definition="")
    for address in ("/glossaire/tableau/", "/glossaire/integrer/", "/glossaire/chiffres/"):
        assert read(address).one(id="bilan").text == "5 termes"
    assert read("/glossaire/tableau/?etat=a-definir").one(id="bilan").text == "3 termes, à définir"
    assert "Glossaire (5)" in read("/api/v1/").one("main").text


def test_a_place_is_said_as_lists_say_it_and_files_keep_what_was_written(client, read):
    ProjetFactory.create_batch(2, titre="Un portail", collectivite="BERRIC")
    assert [cells[1] for _, cells in rows(read("/projets/tableau/?colonnes=collectivite"))] == ["Berric"] * 2
    compared = "&".join(f"fiche={pk}" for pk in Entree.objects.values_list("pk", flat=True))
    assert "BERRIC" not in read(f"/projets/comparer/?{compared}").one("main").text
    assert {row["collectivite"] for row in csv_rows(client.get("/projets.csv"))} == {"BERRIC"}


# The filters, from any view


@mostly_long(
    ("address", "query", "kept"),
    [
        ("/projets/tableau/", "departement=22&colonnes=montant_eur&tri=recent", {"colonnes", "tri"}),
        ("/projets/carte/", "departement=22&montrer=montant&fiche=7", {"montrer", "fiche"}),
        ("/projets/carte/", "q=portail", set()),
        ("/projets/chiffres/", "", set()),
        ("/projets/subventions/", "departement=22", set()),
        ("/carte/", "", set()),
        ("/carte/", "departement=22", set()),
    ],
    one_in=3,
)
def test_the_filters_are_unfolded_for_who_comes_from_a_view_and_lead_back_to_it(read, places, address, query, kept):
    ProjetFactory(titre="Portail", departement_id="22", themes=[ThemeFactory()])
    (button,) = [a for a in read(f"{address}?{query}").all("a", class_="bouton") if "iltre" in a.text]
    page = read(button["href"])
    form = page.one("form", **{"aria-label": FILTRES})
    assert (form["action"], "open" in form.one("details", class_="repli").attributes) == (address, True)
    assert {one["name"] for one in form.all("input", type="hidden")} - {"q"} == kept
    checked = [one["value"] for one in form.all("input") if "checked" in one.attributes]
    assert checked == ["22"] * ("22" in query)
    assert [a["href"] for a in form.all("a") if a.text == "Tout effacer"] == [address]


@pytest.mark.parametrize("vue", ["", "?vue=csv", "?vue=nulle-part", "?vue=%00"])
def test_the_filters_of_a_list_are_its_own_where_no_view_sent_to_them(read, places, vue):
    ProjetFactory(departement_id="22")
    form = read(f"/projets/{vue}").one("form", **{"aria-label": FILTRES})
    assert (form["action"], "open" in form.one("details", class_="repli").attributes) == ("/projets/", False)


def test_a_list_in_a_cell_runs_on_without_its_dashes(read, places):
    EnqueteFactory(indemnise_quoi="Trois choses :\n- le temps ;\n- les trajets.")
    assert "Trois choses : le temps ; les trajets." in read("/indemnisation/tableau/").text


def test_the_hour_of_a_moment_is_written_as_on_its_page(read, places):
    EvenementFactory(debut=datetime(2030, 1, 4, 8, 30, tzinfo=UTC), heure_connue=True)
    assert "4 janvier 2030 à 9 h 30" in read("/agenda/tableau/").text
