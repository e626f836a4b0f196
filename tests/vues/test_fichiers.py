"""A selection as files: whatever the format, the same records, in the same order, saying the same."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.http import StreamingHttpResponse
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from labacces.pages.models import Renseignements
from socle.catalogue.columns import BLOCK
from socle.tableur import classeur
from socle.vues import fichier_json
from socle.vues.toutes import VUES
from tests.conftest import TYPES, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.fiches.tableur import full

pytestmark = pytest.mark.django_db

URN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TABLE, TEXT = (URN % name for name in ("office", "table", "text"))
# What people paste into cells; no database holds a NUL.
TEXTS = st.lists(
    st.sampled_from(
        ["=1+1", "'", "]]>", "<script>", "\x01", "\x0b", "\ufffe", "  ", "\t", "\n", "\r\n", "é’œ", "😀", "&"]
    )
    | st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=4),
    max_size=8,
).map("".join)


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def get(client, declaration, format, query=""):
    return client.get(f"/{declaration.adresse}.{format}", QUERY_STRING=query)


def xlsx_leaves(data: bytes) -> list[list[list]]:
    """Leaves of a workbook, rows of values."""
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in load_workbook(io.BytesIO(data))]


def ods_leaves(data: bytes) -> list[list[list]]:
    """The same of one of LibreOffice, read by its format and no code of ours."""
    tree = ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("content.xml"))
    return [
        [[_ods_value(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in table.iter(f"{TABLE}table-row")]
        for table in tree.iter(f"{TABLE}table")
    ]


def _ods_value(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "float":
        text = cell.get(f"{OFFICE}value")
        return float(text) if "." in text else int(text)
    if kind == "date":
        return datetime.fromisoformat(cell.get(f"{OFFICE}date-value"))
    return "\n".join(map(_ods_text, cell.iter(f"{TEXT}p"))) if kind else None


def _ods_text(paragraph) -> str:
    parts = [paragraph.text or ""]
    for one in paragraph:
        parts += ["\t" if one.tag == f"{TEXT}tab" else " " * int(one.get(f"{TEXT}c")), one.tail or ""]
    return "".join(parts)


def said(cell: str, value) -> bool:
    """Whether a typed value of JSON says what a cell of the CSV says."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == ("oui" if value else "non")
    if isinstance(value, list):
        return cell == " | ".join(value)
    if isinstance(value, int | float):
        return Decimal(cell) == Decimal(str(value))
    return cell == value


def check_all_formats(client, declaration, query=""):
    """Its page and all its files hold the same; the identifiers, in order."""
    text = body(get(client, declaration, "csv", query)).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    document = json.loads(body(get(client, declaration, "json", query)))
    assert document["total"] == len(rows) == len(document["resultats"])
    lines = body(get(client, declaration, "jsonl", query)).decode().split("\n")
    assert lines.pop() == ""
    assert list(map(json.loads, lines)) == document["resultats"]
    for row, record in zip(rows, document["resultats"], strict=True):
        assert list(row) == list(record)
        for name, cell in row.items():
            assert said(cell, record[name]), (name, cell, record[name])
    sheet, about = xlsx_leaves(body(get(client, declaration, "xlsx", query)))
    ods_sheet, ods_about = ods_leaves(body(get(client, declaration, "ods", query)))
    assert [*map(plain, sheet)] == [*map(plain, ods_sheet)]
    assert [filled(plain(row)) for row in about] == [filled(plain(row)) for row in ods_about]
    assert len(sheet) == len(rows) + 1
    numbers = {"identifiant", "numero", "capacite", "duree_secondes", "latitude", "longitude"}
    numbers |= {name for name in document["resultats"][0] if name.endswith("_eur")} if rows else set()
    for row, cells in zip(rows, sheet[1:], strict=True):
        for name, cell, value in zip(row, row.values(), cells, strict=True):
            if not cell:
                assert value is None
            elif name in numbers:
                assert float(cell) == value
            elif isinstance(value, datetime):
                assert cell.startswith(f"{value:%Y-%m-%d}")
            elif not re.fullmatch(r"\d{4}-\d\d-\d\dT.*", cell):
                assert str(value) == as_xml(cell), name
    return [row["identifiant"] for row in rows]


def plain(row: list) -> list:
    """Cells as both formats hold them: a day is a moment to openpyxl."""
    cells = [datetime(*cell.timetuple()[:6]) if isinstance(cell, date) else cell for cell in row]
    return [cell.replace("\r", "\n") if isinstance(cell, str) else cell for cell in cells]


def filled(row: list) -> list:
    """Its cells up to the last one that holds something: a leaf of Excel's is as wide as its widest row."""
    return row[: max(place + 1 for place, cell in enumerate(row) if cell is not None)]


def as_xml(text: str) -> str:
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@some_types
def test_all_files_of_a_list_hold_the_same(client, places, declaration):
    make = factory_of(declaration.model)
    fiches = [full(declaration), make(titre="Presque vide", themes=[]), make(titre="Autre <b>]]>")]
    assert sorted(check_all_formats(client, declaration)) == sorted(str(fiche.pk) for fiche in fiches)
    has_theme = "theme" in declaration.liste.filterset_class.base_filters  # of a word, files would be refused
    theme = f"&theme={ThemeFactory(nom='Accueil').slug}"
    check_all_formats(client, declaration, f"q=presque{theme if has_theme else ''}")
    assert client.get(f"/{declaration.adresse}/").context["selection"].total == 3


def test_files_of_the_whole_site_hold_the_same(client, places):
    for declaration in TYPES.values():
        factory_of(declaration.model)(titre=f"Une {declaration.nom}")
    response = client.get("/recherche/?q=une")
    assert response.status_code == 200
    site = response.context["declaration"]
    assert len(check_all_formats(client, site, "q=une")) == len(TYPES)


@pytest.mark.long
@given(
    st.lists(
        st.tuples(TEXTS, TEXTS, st.sampled_from(["22", "29", None]), st.decimals(0, 99999, places=2) | st.none()),
        max_size=5,
    ),
    st.sampled_from(["", "departement=22", "departement=22&departement=29&tri=montant-decroissant", "montant_min=10"]),
)
@example([("=1+1", " \t\n  x\r\n", "22", Decimal("12000.50")), ("\ufffe\x0b", "]]>", "22", None)], "departement=22")
def test_whatever_people_pasted_all_files_of_a_selection_hold_the_same(places, client, rows, query):
    with transaction.atomic():
        make_many_projets(
            {"titre": titre or "sans", "description": text, "departement_id": code, "montant_eur": amount}
            for titre, text, code, amount in rows
        )
        declaration = TYPES["projet"]
        keys = check_all_formats(client, declaration, query)
        page = client.get(f"/projets/?{query}").context["selection"]
        assert list(map(str, page.keys())) == (keys or [])
        transaction.set_rollback(True)


# JSON


def test_json_is_typed_and_says_its_total_and_its_sentence(client, places):
    ProjetFactory(
        titre="Portail",
        departement_id="22",
        montant_eur=Decimal("15000.5"),
        description="",
        themes=[ThemeFactory(nom="Cantine"), ThemeFactory(nom="Portail famille")],
    )
    response = get(client, TYPES["projet"], "json", "departement=22")
    assert response["Content-Type"] == "application/json"
    assert "projets-cotes-d-armor-" in response["Content-Disposition"]
    document = json.loads(body(response))
    assert list(document) == ["total", "phrase", "corrige", "au_moins_un_mot", "source", "licence", "resultats"]
    assert document["phrase"] == "1 projet dans les Côtes-d’Armor"
    (projet,) = document["resultats"]
    assert projet["montant_eur"] == 15000.5
    assert projet["themes"] == ["Cantine", "Portail famille"]
    assert projet["description"] is projet["remplace"] is None
    assert isinstance(projet["identifiant"], int)


def test_surveys_and_words_say_lists_and_yes_or_no(client, places):
    enquete, terme = TYPES["enquete"], TYPES["terme"]
    factory_of(enquete.model)(latitude=48.5, longitude=-2.0, position_approchee=True)
    factory_of(terme.model)(variantes="un\ndeux | trois")
    (row,) = json.loads(body(get(client, enquete, "json")))["resultats"]
    assert row["position_approchee"] is True
    assert row["latitude"] == 48.5
    (row,) = json.loads(body(get(client, terme, "json")))["resultats"]
    assert row["variantes"] == ["un", "deux | trois"]


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_leaves_in_blocks_and_breaks_off_visibly(client, monkeypatch, format):
    make_many_projets([{}] * (BLOCK + 60))
    response = get(client, TYPES["projet"], format)
    assert isinstance(response, StreamingHttpResponse)
    assert len(list(response.streaming_content)) >= 3
    whole = fichier_json.objects

    def broken(columns, blocks):
        yield next(whole(columns, blocks))
        raise OSError

    monkeypatch.setattr(fichier_json, "objects", broken)
    parts = iter(get(client, TYPES["projet"], format).streaming_content)
    read = []
    with pytest.raises(OSError):  # noqa: PT011 - what the server closes the connection upon
        read.extend(parts)
    assert not b"".join(read).endswith(b"]}\n")


# Workbooks


def test_a_workbook_says_where_it_is_from(client, places, settings):
    settings.SITE_URL, settings.ORGANISME_NOM = "https://labacces.exemple.bzh", "Pôle d’exemple"
    Renseignements.objects.create(pk=Renseignements.KEY, licence="lo-2.0")
    ProjetFactory(departement_id="22")
    for read, format in ((xlsx_leaves, "xlsx"), (ods_leaves, "ods")):
        _, about = read(body(get(client, TYPES["projet"], format, "departement=22")))
        told = {what: answer for what, answer, *_ in about}
        assert told["Cette liste"] == "1 projet dans les Côtes-d’Armor"
        assert told["Source"] == "LabAccès, https://labacces.exemple.bzh/"
        assert told["Adresse de cette liste"] == "https://labacces.exemple.bzh/projets/?departement=22"
        assert told["Organisme"] == "Pôle d’exemple"
        assert told["Licence"].startswith("Licence Ouverte 2.0, https://")
        assert told["Lignes"] == 1
        assert "10 000 lignes" in told["Limite"].replace("\u202f", " ").replace("\xa0", " ")
        assert told["Date"].date() == date.today()


@pytest.mark.long
def test_a_workbook_gives_the_figures_of_the_page_as_numbers(client, places):
    first = ProjetFactory(montant_eur=Decimal("1000.50"))
    ProjetFactory(montant_eur=Decimal("15000"), remplace=first)
    ProjetFactory(montant_eur=Decimal("20000"))
    ProjetFactory(montant_eur=None)
    for read, format in ((xlsx_leaves, "xlsx"), (ods_leaves, "ods")):
        _, about = read(body(get(client, TYPES["projet"], format)))
        told = {what: answers for what, *answers in about}
        assert float(told["Total des montants"][0]) == 35000
        assert told["Total des montants"][1].startswith("Une fiche remplacée par une version suivante")
        assert float(told["Montant médian"][0]) == 17500
        assert told["Montants comptés"][0] == 2
        _, none = read(body(get(client, TYPES["projet"], format, "tranche=inconnu")))
        told = {what: answers for what, *answers in none}
        assert (told["Total des montants"][0], "Montant médian" in told) == (0, False)
        assert "Total des montants" not in {what for what, *_ in read(body(get(client, TYPES["terme"], format)))[1]}
    shown = load_workbook(io.BytesIO(body(get(client, TYPES["projet"], "xlsx")))).worksheets[1]
    assert [row[1].number_format for row in shown if row[0].value == "Total des montants"] == ['#,##0.00 "€"']


def test_cells_are_typed_and_headings_stay_in_sight(client, places):
    when = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    ProjetFactory(titre="=1+1", montant_eur=Decimal("15000.50"), publiee_le=when)
    data = body(get(client, TYPES["projet"], "xlsx"))
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.freeze_panes == "B2"
    row = dict(zip((cell.value for cell in sheet[1]), sheet[2], strict=True))
    assert (row["Titre"].value, row["Titre"].data_type) == ("=1+1", "s")
    assert row["Montant (€)"].value == 15000.5
    assert row["Publiée le"].value == datetime(2026, 3, 12)
    data = body(get(client, TYPES["projet"], "ods"))
    headings, cells = ods_leaves(data)[0]
    row = dict(zip(headings, cells, strict=True))
    assert row["Titre"] == "=1+1"
    assert row["Montant (€)"] == 15000.5
    assert row["Publiée le"] == datetime(2026, 3, 12)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.infolist()[0].filename == "mimetype"
    assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert b"VerticalSplitMode" in archive.read("settings.xml")


def test_a_text_too_long_for_a_cell_says_that_it_is_cut(client):
    ProjetFactory(description="é" * (classeur.CELL + 1))
    for read, format in ((xlsx_leaves, "xlsx"), (ods_leaves, "ods")):
        headings, row = read(body(get(client, TYPES["projet"], format)))[0]
        text = dict(zip(headings, row, strict=True))["Description synthétique du projet"]
        assert len(text) == classeur.CELL
        assert text.endswith(classeur.COUPE)


def test_more_rows_than_a_workbook_holds_are_refused_in_words_and_not_offered(client, read, monkeypatch):
    ProjetFactory.create_batch(3)
    monkeypatch.setattr("socle.tableur.classeur.ROWS", 2)
    for format in ("xlsx", "ods"):
        response = get(client, TYPES["projet"], format)
        assert response.status_code == 413
        assert "filtrez-la" in response.content.decode()
        assert "CSV" in response.content.decode()
    for vue in VUES:
        if vue.limite:
            monkeypatch.setitem(vue.__dict__, "limite", 2)
    panel = read("/projets/").one("details", class_="emporter")
    assert "Excel (XLSX) : jusqu’à 2 lignes, filtrez la liste" in panel.text
    addresses = [a["href"] for a in panel.all("a")]
    assert "/projets.csv?excel=1" in addresses
    assert "/projets.xlsx" not in addresses


# All of them


@pytest.mark.long
def test_the_panel_says_what_each_thing_is_good_for(client, read, settings):
    settings.SITE_URL = "https://labacces.exemple.bzh"
    ProjetFactory.create_batch(2, departement_id=None)
    panel = read("/projets/", {"q": "projet"}).one("details", class_="emporter")
    headings = [one.text.partition(" :")[0] for one in panel.all("p")]
    assert headings == [
        *("Par un lien", "Dans un tableur", "En données ouvertes", "Au schéma national", "Dans un lecteur de flux"),
        *("Sur papier", "Dans un diaporama", "Dans votre site", "Par courriel"),
    ]
    assert "https://labacces.exemple.bzh/projets/?q=projet" in panel.text
    for link in panel.all("a"):
        assert client.get(link["href"]).status_code == 200
    assert "2 lignes, pour trier" in panel.text
    names = [link.text for link in panel.all("a")]
    assert len(set(names)) == len(names)
