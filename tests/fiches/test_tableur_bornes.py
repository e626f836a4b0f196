"""Spreadsheets that people or attackers may send: read if they hold a table, refused in words and at once otherwise."""

from datetime import date, timedelta

import pytest

from bench import bombes, fichiers
from socle.tableur import classeur
from socle.tableur.lecture import FichierIllisible, read
from tests.fiches.tableur import saved, workbook
from tests.sampling import mostly_long

KNOWN = {"identifiant", "titre"}


def rows(data):
    return list(read(data, KNOWN, bounded=True).rows)


BOMBS = ["a cell in XFD1048576", "entities", "an attribute of 38 MB", "a part that lies, with the sum of what it shows"]


@pytest.mark.long
@mostly_long("name", BOMBS, one_in=4)
def test_a_bomb_is_refused_at_once_and_within_memory(tmp_path, name):
    """All of them: python bench/fichiers.py."""
    path = tmp_path / "bombe"
    path.write_bytes(bombes.BOMBS[name]())
    found = fichiers.measure(path, "import")
    assert found["said"]
    assert found["rows"] == 0
    assert found["seconds"] < 10 * fichiers.SECONDS, "of processor, on any machine"
    assert found["megabytes"] < fichiers.MEGABYTES


SLOW = ("300 MB", "600 000 rows", "a part that lies", "deep", "2 000 000")
QUICK = [name for name in bombes.BOMBS if not name.startswith(SLOW)]


@pytest.mark.long
@mostly_long("name", QUICK, one_in=11)
def test_what_is_no_table_is_refused_in_words(name):
    with pytest.raises(FichierIllisible) as error:
        rows(bombes.BOMBS[name]())
    assert str(error.value).endswith((".", ")."))


@pytest.mark.long
@mostly_long("name", [*bombes.STRANGE][::2], one_in=3)
def test_what_is_strange_in_a_workbook_is_left_out_of_what_is_read(tmp_path, name):
    path = tmp_path / "tableau"
    path.write_bytes(bombes.STRANGE[name]())
    found = fichiers.measure(path, "import")
    assert found["said"] is None
    assert found["seconds"] < 10 * fichiers.SECONDS, "of processor, on any machine"
    assert found["megabytes"] < fichiers.MEGABYTES


def test_texts_that_cells_share_are_read_in_all_their_pieces():
    texts = "<si><t>Été</t></si><si><r><t>un </t></r><r><rPr><b/></rPr><t>mot</t></r><rPh><t>oh</t></rPh></si><si/>"
    cells = "".join(f'<row><c t="s"><v>{n}</v></c></row>' for n in range(3))
    data = bombes.package(textes=f'<sst xmlns="{bombes.MAIN}">{texts}</sst>', feuille=bombes.sheet(cells))
    assert rows(data) == [
        (2, {"identifiant": "Été", "titre": ""}),
        (3, {"identifiant": "un mot", "titre": ""}),
    ]


def test_a_day_is_told_by_its_format_and_a_formula_that_others_share_by_each_of_its_cells():
    book = workbook(["identifiant", "titre"], [date(2027, 3, 1), timedelta(minutes=2)], [12, 1.5])
    book.active["A4"] = "=A3"
    found = rows(saved(book))
    assert found[:2] == [
        (2, {"identifiant": "2027-03-01", "titre": "120"}),
        (3, {"identifiant": "12", "titre": "1.5"}),
    ]
    assert found[2][1]["identifiant"] is classeur.FORMULE
    shared = "<row><c><f t='shared' si='0'>A1</f><v>1</v></c></row><row><c><f t='shared' si='0'/><v>1</v></c></row>"
    assert [cells["identifiant"] for _, cells in rows(bombes.package(feuille=bombes.sheet(shared)))] == [
        classeur.FORMULE
    ] * 2


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + bytes(1000),
        bombes.package(**{"xl/workbook.xml": "<workbook"}),
        bombes.package(**{"[Content_Types].xml": "<a/>"}),
        bombes.package(feuille=bombes.sheet('<row r="x"><c/></row>')),
        bombes.package(feuille=bombes.sheet('<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>')),
        bombes.package(feuille=bombes.sheet('<row r="2"><c r="A2" t="s"><v>99</v></c></row>')),
        saved(workbook(["identifiant", "titre"]))[:-200],
    ],
    ids=range(8),
)
def test_a_broken_workbook_is_refused_in_words(data):
    with pytest.raises(FichierIllisible, match="abîmé"):
        rows(data)


def test_the_sheet_with_the_headings_is_found_wherever_it_stands():
    book = workbook(["Notes"], ["à voir"])
    sheet = book.create_sheet("Projets")
    for line in (["Identifiant ", "TITRE"], [], [12, "Cantine"]):
        sheet.append(line)
    assert rows(saved(book)) == [(3, {"identifiant": "12", "titre": "Cantine"})]


def test_a_workbook_without_the_headings_says_which_sheets_it_has():
    with pytest.raises(FichierIllisible, match=r"feuille « Notes ».*identifiant"):
        rows(saved(workbook(["Cantine", 12], title="Notes")))
    with pytest.raises(FichierIllisible, match="ligne de titres"):
        rows(saved(workbook([], ["identifiant", "titre"])))
    with pytest.raises(FichierIllisible, match="« titre » figure deux fois"):
        rows(saved(workbook(["identifiant", "titre", "Titre "])))
    with pytest.raises(FichierIllisible, match="Ligne 3 : il y a plus de cellules"):
        rows(saved(workbook(["identifiant", "titre"], [1, "a"], [1, "a", "b"])))


def test_blank_rows_and_cells_count_for_nothing():
    book = workbook(["identifiant", "titre", None], [1, None], [None, None], ["", "a"])
    book.active.cell(50_000, 1).value = ""
    assert rows(saved(book)) == [
        (2, {"identifiant": "1", "titre": ""}),
        (4, {"identifiant": "", "titre": "a"}),
    ]


def test_the_largest_table_that_is_read(monkeypatch):
    monkeypatch.setattr(classeur, "ROWS", 3)
    lines = [["identifiant"], [1], [2], [3]]
    assert len(rows(saved(workbook(*lines)))) == 3
    assert len(rows(b"identifiant\n1\n2\n3\n")) == 3
    for data in (saved(workbook(*lines, [4])), b"identifiant\n1\n2\n3\n4\n"):
        with pytest.raises(FichierIllisible, match="lignes"):
            rows(data)
    assert len(list(read(b"identifiant\n1\n2\n3\n4\n", KNOWN).rows)) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_however_it_was_saved(encoding, separator):
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    data = f"{mark}identifiant{separator}titre\r\n1{separator}Été à l’œuvre\r\n".encode(encoding)
    assert rows(data) == [(2, {"identifiant": "1", "titre": "Été à l’œuvre"})]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'identifiant,titre\n1,a\n2,"b\n' + b"3,c\n" * 50, "Ligne 3 : ce n’est pas un tableau, ou un guillemet"),
        (b"\xff\xfe", "pas un tableau"),
    ],
)
def test_a_csv_that_cannot_be_read_says_where_and_why(data, told):
    with pytest.raises(FichierIllisible, match=told):
        list(rows(data))


def test_rows_of_a_csv_are_numbered_as_in_the_spreadsheet_where_they_are_mended():
    data = b'identifiant,titre\n1,"sur\ntrois\nlignes"\n\n2,a\n'
    table = workbook(["identifiant", "titre"], [1, "sur\ntrois\nlignes"], [None], [2, "a"])
    assert [row for row, _ in rows(data)] == [row for row, _ in rows(saved(table))] == [2, 4]
