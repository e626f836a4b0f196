"""/projets/comparer/ and its likes: records that the address names, side by side; the boxes that lead there."""

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.text import slugify
from openpyxl import load_workbook

from fiches.columns import POSITION
from projets.views import ProjetListView
from socle.vues.comparaison import beside
from tests import sampling
from tests.conftest import PageLue, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.enquetes import EnqueteFactory
from tests.fiches.tableur import full

pytestmark = pytest.mark.django_db


def lines(page) -> dict[str, tuple[list[str], bool]]:
    """{field: (what each record says, whether they are said to differ)}."""
    found = {}
    for row in page.one("table").one("tbody").all("tr"):
        label = row.one("th").text
        marked = row.has("class_", "diff")
        assert marked == label.startswith("≠ ")  # not by colour alone
        found[label.removeprefix("≠ ")] = [cell.text for cell in row.all("td")], marked
    return found


def asked(fiches, address="/projets/comparer/") -> str:
    return f"{address}?{'&'.join(f'fiche={fiche.pk}' for fiche in fiches)}"


def table_of(response) -> dict[str, list[str]]:
    """The lines of a file by their names, the title's first."""
    assert response.status_code == 200
    rows = csv.reader(io.StringIO(response.content.decode(), newline=""))
    return {name: cells for name, *cells in rows}


@pytest.fixture
def two(places):
    theme = ThemeFactory(nom="Cantine")
    same = {"departement_id": "22", "description": "Le même texte.", "themes": [theme]}
    return [
        ProjetFactory(
            titre="Un portail", montant_eur=Decimal(6736), objectifs="Aller vite", collectivite="Berric", **same
        ),
        ProjetFactory(titre="Un outil", montant_eur=Decimal(3900), objectifs="", collectivite="Berric", **same),
    ]


# What differs


def test_a_choice_that_differs_is_marked_and_nothing_else(read, two):
    found = lines(read(asked(two)))
    assert {label for label, (_, marked) in found.items() if marked} == {"Montant (€)"}
    assert found["Thèmes"] == (["Cantine", "Cantine"], False)
    assert found["Objectifs"] == (["Aller vite", "non renseigné"], False)  # words of one's own always differ
    assert found["Montant (€)"][0] == ["6 736 €, 1,7 fois le plus bas", "3 900 €, le plus bas"]
    assert "Commune" not in found  # of which neither says anything
    told = [ProjetFactory(fait=words) for words in ("Un portail.", "Un guichet.")]
    assert lines(read(asked(told)))["Ce qui a été fait"] == (["Un portail.", "Un guichet."], False)


@some_types
def test_records_of_every_type_are_compared_field_by_field_as_in_the_file(
    client, read, declaration, places, monkeypatch
):
    fiches = [full(declaration), factory_of(declaration.model)(titre="Presque vide", themes=[])]
    address = reverse(f"{declaration.espace}:comparer")
    monkeypatch.setattr(declaration.model, "from_db", None)  # no record is made
    response = client.get(asked(fiches, address))
    told = table_of(client.get(asked(fiches, reverse(f"{declaration.espace}:comparer-csv"))))
    assert list(told)[:2] == ["titre", "url"]
    expected = {
        name: len(set(cells)) > 1 for name, cells in told.items() if name not in ("titre", "url") and any(cells)
    }
    where = any(name in POSITION for name in expected)
    expected = {name: differ for name, differ in expected.items() if name not in POSITION} | (
        {"ou": True} if where else {}
    )
    assert {line.colonne.nom: line.differe for line in response.context["champs"]} == expected
    assert len(lines(PageLue(response))) == len(expected)
    assert any(expected.values())
    heads = PageLue(response).one("thead").all("a")
    assert [head["href"] for head in heads] == [fiche.get_absolute_url() for fiche in fiches]
    texts = {name for name in declaration.model.textes if getattr(fiches[0], name)}
    assert texts - expected.keys() <= {
        "indemnise_qui",
        "indemnise_quoi",
        "delai_montants",
    }  # which the four answers say
    assert not where or list(lines(PageLue(response)))[-1] == "Où"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([100, 149], ["le plus bas", "49 € de plus"]),
        ([300, None, 100], ["3 fois le plus bas", "", "le plus bas"]),
        ([100, None], ["", ""]),
        ([0, 100], ["le plus bas", "100 € de plus"]),
        ([2.5, 0, 15], ["2,50 € de plus", "le plus bas", "15 € de plus"]),
        ([], []),
    ],
)
def test_amounts_are_compared_in_words_where_two_are_known(numbers, words):
    amounts = [None if number is None else Decimal(number) for number in numbers]
    assert [text.replace("\u00a0", " ") for text in beside(amounts)] == words


# Which records


def test_records_are_named_by_key_or_address_in_the_order_asked(read, two):
    first, second = two
    page = read(f"/projets/comparer/?fiche={second.slug}&fiche={first.pk}&fiche={second.pk}")
    assert [head["href"] for head in page.one("thead").all("a")] == [
        second.get_absolute_url(),
        first.get_absolute_url(),
    ]
    assert "Comparer 2 fiches" in page.one("h1").text


def test_what_the_public_does_not_read_is_said_alike_whether_it_is_there_or_not(client, read, two):
    hidden = ProjetFactory(titre="Un secret", draft=True)
    gone = ProjetFactory(titre="Un adieu")
    gone.change({"statut": "retiree"})
    of_another_type = EnqueteFactory().pk
    for name in (hidden.pk, hidden.slug, gone.pk, of_another_type, "inconnue", 999999999):
        page = read(asked(two) + f"&fiche={name}")
        assert f"La fiche « {name} » n’existe pas, ou n’est plus publiée" in page.alert
        assert "secret" not in page.html.replace(hidden.slug, "")
        assert len(page.one("thead").all("a")) == 2
        assert client.get(f"/projets/comparer.csv?fiche={two[0].pk}&fiche={name}").status_code == 400


@pytest.mark.parametrize(("format", "wrong"), [("csv", "fiche=99999&truc=1&departement=zz"), ("xlsx", "truc=1")])
def test_a_file_that_was_refused_says_the_address_of_the_records_that_are_there(client, settings, two, format, wrong):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    clean = asked(two, f"/projets/comparer.{format}")
    response = client.get(f"{clean}&{wrong}")
    assert response.status_code == 400
    assert response.content.decode().endswith(f": {settings.SITE_URL}{clean}\n")
    assert client.get(clean).status_code == 200


def test_fewer_than_two_say_how_to_choose(read, two):
    nothing = read("/projets/comparer/")
    assert "Il faut au moins deux fiches" in nothing.text
    assert not nothing.all("table")
    one = read(asked(two[:1]))
    assert "au moins une autre" in one.text
    assert not any(marked for _, marked in lines(one).values())
    form = one.one("form", **{"aria-label": "Ajouter une fiche"})
    assert (form["action"], form.one("input", type="hidden")["value"]) == ("/projets/", str(two[0].pk))


def test_more_than_six_are_the_first_six(client, read, places):
    fiches = make_many_projets({} for _ in range(8))
    page = read(asked(fiches))
    assert "voici les 6 premières" in page.alert
    assert [head["href"] for head in page.one("thead").all("a")] == [fiche.get_absolute_url() for fiche in fiches[:6]]
    assert not page.all("form", **{"aria-label": "Ajouter une fiche"})
    assert client.get(asked(fiches, "/projets/comparer.csv")).status_code == 400


def test_each_record_has_a_link_that_leaves_it_out(read, two):
    page = read(asked(two) + "&departement=22")
    links = [a["href"] for a in page.all("a", class_="puce")]
    assert links == [f"?departement=22&fiche={two[1].pk}", f"?departement=22&fiche={two[0].pk}"]
    assert f"/projets/?departement=22&fiche={two[0].pk}&fiche={two[1].pk}" in {a["href"] for a in page.all("a")}


@sampling.mostly_long(
    "query",
    [
        *("fiche=%00", "fiche=" + "x" * 5000, "&".join(f"fiche={n}" for n in range(900)), "fiche=99999999999999999999"),
        *("fiche=²", "fiche=-1", "fiche=1%27--", "fiche=%3Cb%3E", "fiche=a%0Ab", "inconnu=1", "departement=zz"),
    ],
    one_in=3,
)
def test_what_is_malformed_is_no_error(client, two, query):
    response = client.get("/projets/comparer/", QUERY_STRING=query)
    assert response.status_code == 200
    assert PageLue(response).alert
    assert len(response.content) < 30_000
    assert client.get("/projets/comparer.csv", QUERY_STRING=query).status_code == 400


@pytest.mark.parametrize("size", [1, 6])
def test_it_costs_the_same_whatever_their_number(client, django_assert_max_num_queries, places, size):
    fiches = make_many_projets({} for _ in range(size))
    client.get("/projets/comparer/")
    with django_assert_max_num_queries(6):
        client.get(asked(fiches))


# The file


def test_the_file_has_a_field_a_line_and_a_record_a_column(client, two):
    two[0].change({"titre": "=1+1"})
    told = table_of(client.get(asked(two, "/projets/comparer.csv")))
    assert told["titre"] == ["=1+1", "Un outil"]
    assert told["montant_eur"] == ["6736.00", "3900.00"]
    french = client.get(asked(two, "/projets/comparer.csv") + "&excel=1").content.decode()
    assert french.startswith('\ufeff"Titre";"\'=1+1";"Un outil"\r\n')
    assert '"Montant (€)";"6736,00";"3900,00"\r\n' in french


def test_a_workbook_has_a_question_a_line_as_the_page_says_it_and_where_it_is_from(client, settings, places):
    fiches = [EnqueteFactory(titre="=1+1", delai_montants="=50 €"), EnqueteFactory(titre="Bêta", bareme="0,30 € du km")]
    address = asked(fiches, "/indemnisation/comparer.xlsx")
    response = client.get(address)
    assert "indemnisation-comparees" in response["Content-Disposition"]
    table, about = (list(sheet.values) for sheet in load_workbook(io.BytesIO(response.content)).worksheets)
    assert [cell.lstrip("'") for cell in table[0]] == ["Question", "=1+1", "Bêta"]
    told = {question: [(cell or "").lstrip("'") for cell in cells] for question, *cells in table[1:]}
    assert told["Adresse de la page"] == [f"{settings.SITE_URL}{one.get_absolute_url()}" for one in fiches]
    assert [one.replace("\u00a0", " ") for one in told["Combien"]] == ["=50 €", "0,30 € du km"]
    assert "Qui est reconnu" not in told  # of which neither says anything
    assert dict(about)["Leur adresse"] == f"{settings.SITE_URL}{address.replace('comparer.xlsx', 'comparer/')}"
    sheet = zipfile.ZipFile(io.BytesIO(client.get(address.replace("xlsx", "ods")).content)).read("content.xml")
    assert "0,30\u00a0€ du km" in sheet.decode()
    assert client.get(f"{address}&fiche=inconnue").status_code == 400


# The way there


def test_cards_have_a_box_that_the_address_checks_and_pages_keep(read, monkeypatch, places):
    monkeypatch.setattr(ProjetListView, "per_page", 3)
    fiches = make_many_projets({"departement_id": "22"} for _ in range(7))
    page = read("/projets/")
    boxes = page.all("input", type="checkbox", form="comparaison")
    assert [box["name"] for box in boxes] == ["fiche"] * 3
    form = page.one("form", id="comparaison")
    assert "Cochez de deux à six fiches, page après page." in form.text
    assert [button["formaction"] for button in form.all("button")] == ["/projets/comparer/", "#comparaison"]
    here, elsewhere = boxes[0]["value"], next(one for one in fiches if str(one.pk) not in {b["value"] for b in boxes})
    chosen = read(f"/projets/?departement=22&fiche={here}&fiche={elsewhere.pk}")
    assert not chosen.alert
    assert "7 projets" in chosen.status
    checked = [box["value"] for box in chosen.all("input", form="comparaison") if "checked" in box.attributes]
    assert checked == [here]
    hidden = [(one["name"], one["value"]) for one in chosen.one("form", id="comparaison").all("input", type="hidden")]
    assert hidden == [("departement", "22"), ("fiche", str(elsewhere.pk))]
    kept = f"fiche={here}&fiche={elsewhere.pk}"
    for links in (
        chosen.one("ul", class_="puces"),
        chosen.one("nav", class_="onglets"),
    ):
        assert all(kept in a["href"] for a in links.all("a"))
    assert kept not in "".join(a["href"] for a in chosen.one("details", class_="emporter").all("a"))
    assert "2 fiches choisies, six au plus." in chosen.one("form", id="comparaison").text
    assert "Une fiche choisie : il en faut deux à six." in read(f"/projets/?fiche={here}").text
    for form in chosen.one("main").all("form", method="get")[:2]:  # filters, sort
        assert {here, str(elsewhere.pk)} <= {one["value"] for one in form.all("input", name="fiche")}


def test_what_is_ticked_follows_from_page_to_page(read, monkeypatch, places):
    monkeypatch.setattr(ProjetListView, "per_page", 3)
    make_many_projets({"departement_id": "22"} for _ in range(7))
    page = read("/projets/?departement=22")
    ticked = page.all("input", type="checkbox", form="comparaison")[1]["value"]
    assert page.one("form", id="comparaison")["action"] == "/projets/"
    pager = page.one("nav", class_="pages")
    assert not pager.all("a")
    buttons = pager.all("button", form="comparaison")
    assert [button.text for button in buttons] == ["2", "3", "Page suivante"]
    for button in (buttons[0], buttons[2]):
        sent = {"departement": "22", "fiche": ticked, button["name"]: button["value"]}
        second = read("/projets/", sent)
        assert len(second.titles) == 3
        assert not set(second.titles) & set(page.titles)
        kept = [*second.all("input", form="comparaison"), *second.one("form", id="comparaison").all("input")]
        assert ticked in {one["value"] for one in kept if one["type"] == "hidden"}
        assert "Une fiche choisie" in second.one("form", id="comparaison").text


@some_types
def test_the_page_of_a_record_leads_to_its_comparison(client, read, declaration):
    fiche = factory_of(declaration.model)()
    address = f"{reverse(f'{declaration.espace}:comparer')}?fiche={fiche.pk}"
    (link,) = [a for a in read(fiche.get_absolute_url()).one("div", class_="outils").all("a") if a.text == "Comparer"]
    assert link["href"] == address
    assert fiche.titre_affiche in read(address).text


@pytest.mark.parametrize("titre", ["Tableau", "Comparer", "Intégrer", "Carte", "Chiffres"])
def test_no_record_takes_the_address_of_a_view(places, titre):
    assert ProjetFactory(titre=titre).slug == f"{slugify(titre)}-2"
