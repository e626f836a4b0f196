"""/projets/tableau/ and its likes: the records of the list and of its file, in the columns that were asked."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from labacces.recherche import RechercheView
from socle.annuaire.models import Entree
from socle.vues import tableau
from tests.conftest import PageLue, csv_rows, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.enquetes import EnqueteFactory
from tests.factories.participants import EvenementFactory
from tests.fiches.tableur import full
from tests.sampling import mostly_long

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
    EvenementFactory(titre="Balise 1", debut=datetime(2027, 2, 28, 23, tzinfo=UTC), heure_connue=False)
    EvenementFactory(titre="Balise 2", debut=datetime(2030, 1, 4, 8, 30, tzinfo=UTC), heure_connue=True)
    agenda = rows(read("/agenda/tableau/?colonnes=debut&tri=titre"))
    assert [cells[1] for _, cells in agenda] == ["1er mars 2027", "4 janvier 2030 à 9 h 30"]
    EnqueteFactory(indemnise_quoi=f"Trois choses :\n- le temps ;\n- les trajets.{' Un mot.' * 100}")
    long = read("/indemnisation/tableau/?colonnes=indemnise_quoi").one("tbody").one("td").text
    assert long.startswith("Trois choses : le temps ; les trajets.")
    assert long.endswith("… la suite")


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


# The page


def test_nothing_found_is_said_as_on_the_list(read, many):
    page = read("/projets/tableau/?q=introuvable")
    assert "Aucune fiche ne répond" in page.text
    assert not page.all("table")


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
