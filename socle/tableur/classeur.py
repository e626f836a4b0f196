"""Workbooks (XLSX): read within bounds, cell by cell as text; written row by row.

What comes from outside is looked at before a parser sees it: weight, number of tags, no document type, which is where
entities are declared. openpyxl then reads it as a stream, formulas told from texts.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from socle.catalogue.columns import Block, Column, protect
from socle.francais.mots import entier
from socle.francais.texte import for_xml
from socle.francais.valeurs import unix
from socle.medias.fichiers import poids
from socle.tableur.lecture_csv import COLUMNS, FichierIllisible, check_headings
from socle.tableur.slots import one_of_few

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OCTETS = 10_000_000  # of the file
DEPLIE = 40_000_000  # bytes of all its parts, unpacked; characters of all its cells, a shared text in each of them
PIECES = 500
TAGS = 1_600_000  # of one part, both ends of each: 10 000 rows of 25 cells hold as many at most
CELLS = 300_000  # of all its sheets, empty ones included
TEXTES = 250_000  # that its cells share
AUTRES = 100_000  # tags of one part that are neither rows, nor cells, nor what they hold: styles, names
ROWS = 10_000
LAST_LINE = 1_048_576
WIDTHS = 2_000_000  # cells met, empty ones included
FEUILLES = 20
CELL = 32_767  # characters that a cell holds; what is longer is cut by every spreadsheet, without a word
ORIGINE = "À propos de cette liste"  # the second leaf
COUPE = "… [texte coupé : il est entier dans le CSV]"

TROP_LOURD = f"Le fichier pèse plus de {poids(OCTETS)} : exportez moins de fiches à la fois, ou prenez le CSV."
TROP_DE_LIGNES = (
    f"Le fichier a plus de {entier(ROWS)} lignes : filtrez la liste pour exporter moins de fiches à la fois."
)
TROP_LOIN = (
    "Le fichier a des cellules très loin à droite ou en bas, sans doute remplies par erreur : copiez les lignes "
    "utiles dans un classeur neuf."
)
TROP_GRAND = (
    "Le classeur est bien plus grand, une fois ouvert, que ne peut l’être une liste de fiches : rien n’en a été lu. "
    "Copiez les lignes utiles dans un classeur neuf."
)
ABIME = (
    "Ce classeur ne peut pas être lu : il est abîmé, protégé par un mot de passe, ou d’un autre format. Ouvrez-le dans "
    "votre tableur et enregistrez-le à nouveau en XLSX, ou en CSV."
)

_OPENING = re.compile(rb"<(?:[A-Za-z0-9_]{1,20}:)?([A-Za-z]{1,20})")  # a tag, its name without its prefix
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class CelluleIllisible(str):
    """A cell that holds no value of its own (a formula, an error): its text is empty, `message` says what to do."""

    message = ""

    @classmethod
    def because(cls, message: str) -> "CelluleIllisible":
        cell = cls()
        cell.message = message
        return cell


FORMULE = CelluleIllisible.because(
    "la cellule est une formule. Remplacez-la par sa valeur : copier, puis collage spécial « valeurs »."
)
ERREUR = CelluleIllisible.because("la cellule est une erreur de calcul du tableur : écrivez sa valeur.")


# Reading


def inspect(data: bytes) -> None:
    """FichierIllisible unless the file is a ZIP of XML parts that can be parsed without harm."""
    if len(data) > OCTETS:
        raise FichierIllisible(TROP_LOURD)
    if data.startswith(b"mimetypeapplication/vnd.oasis.opendocument", 30):
        raise FichierIllisible(
            "Ce fichier est un ODS de LibreOffice : enregistrez-le en XLSX ou en CSV, puis envoyez-le."
        )
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > PIECES or sum(part.file_size for part in parts) > DEPLIE:
            raise FichierIllisible(TROP_GRAND)
        cells = 0
        for part in parts:
            if part.flag_bits & 1:
                raise FichierIllisible(ABIME)
            content = _unpacked(archive, part)
            if content.count(b"<row") > 10 * ROWS:  # blank ones are no harm
                raise FichierIllisible(TROP_DE_LIGNES)
            cells += _cells(content)
            if cells > CELLS:
                raise FichierIllisible(TROP_GRAND)
            if part.filename.endswith((".xml", ".rels")) or content.lstrip()[:5] == b"<?xml":
                _inspect_xml(content)


def _cells(content: bytes) -> int:
    """How many cells a part holds; FichierIllisible if what else it holds would take the parser seconds."""
    if content.count(b"<") > TAGS:
        raise FichierIllisible(TROP_GRAND)
    tags = Counter(_OPENING.findall(content))
    cells, texts, _ = (tags.pop(name, 0) for name in (b"c", b"si", b"row"))
    held = sum(tags.pop(name, 0) for name in (b"v", b"f", b"is", b"t"))
    if texts > TEXTES or held > 3 * (cells + texts) + AUTRES or tags.total() > AUTRES:
        raise FichierIllisible(TROP_GRAND)
    return cells


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, no larger than it says: read at once, one that lies would be unpacked whole."""
    with archive.open(part) as stream:
        return b"".join(iter(lambda: stream.read(2**20), b""))


def _inspect_xml(content: bytes) -> None:
    encoding = _ENCODING.match(content)
    strange = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:100]
    if strange or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
        raise FichierIllisible(ABIME)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FichierIllisible(
            "Ce classeur contient des instructions qu’aucun tableur n’y met : par prudence, rien n’en a été lu. "
            "Copiez ses lignes dans un classeur neuf."
        )


def rows(data: bytes, known: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, {heading: cell}) of each row of a workbook that is not blank; line 1 holds the headings.

    `known`: headings; the sheet is the first one that has one of them. FichierIllisible if there is none.
    """
    try:
        inspect(data)
        with catch_warnings():
            simplefilter("ignore")  # styles and extensions that openpyxl does not know
            book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        if len(book.worksheets) > FEUILLES:
            raise FichierIllisible(TROP_GRAND)
        yield from _rows_of(book, known)
    except (FichierIllisible, GeneratorExit):
        raise
    except (RecursionError, MemoryError):
        raise FichierIllisible(TROP_GRAND) from None
    except Exception as error:  # a damaged file breaks the parser in any way
        raise FichierIllisible(ABIME) from error


def _rows_of(book, known: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for sheet in book.worksheets:
        lines = _lines(sheet)
        line, cells = next(lines, (1, []))
        headings = [cell.strip().casefold() for cell in cells]
        if line == 1 and known & set(headings):
            check_headings(headings)
            for line, cells in lines:
                if any(cells[len(headings) :]):
                    raise FichierIllisible(
                        f"Ligne {line} : il y a plus de cellules que de titres de colonnes. Effacez ce qui dépasse."
                    )
                cells += [""] * (len(headings) - len(cells))  # a blank cell at the end of a row is not written
                yield line, dict(zip(headings, cells, strict=True))
            return
    names = " », « ".join(sheet.title[:40] for sheet in book.worksheets)
    raise FichierIllisible(
        f"Aucune colonne connue à la première ligne ({'feuille' if len(book.worksheets) < 2 else 'feuilles'} "
        f"« {names} »). Gardez la ligne de titres de l’export, par exemple « identifiant », « titre »."
    )


def _lines(sheet) -> Iterator[tuple[int, list[str]]]:
    """(line, cells as text) of the rows that hold something."""
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    widths = count = size = 0
    with catch_warnings():
        simplefilter("ignore")
        for line, row in enumerate(sheet.iter_rows(), start=1):
            if line > LAST_LINE:
                raise FichierIllisible(TROP_LOIN)
            if not row:
                continue
            widths += len(row)
            if widths > WIDTHS:
                raise FichierIllisible(TROP_LOIN)
            cells = [_text(cell) for cell in row]
            while cells and not cells[-1] and not isinstance(cells[-1], CelluleIllisible):
                cells.pop()
            if not cells:
                continue
            count += 1
            size += sum(map(len, cells))
            if size > DEPLIE:
                raise FichierIllisible(TROP_GRAND)
            if len(cells) > COLUMNS:
                raise FichierIllisible(TROP_LOIN)
            if count > ROWS + 1:
                raise FichierIllisible(TROP_DE_LIGNES)
            yield line, cells


def _text(cell) -> str:
    """A typed cell as a CSV of the same table would hold it."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULE
    if cell.data_type == "e":
        return ERREUR
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        # A cell of a spreadsheet has no other way to hold a day.
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    return value.isoformat() if isinstance(value, date | time) else str(value)


# Writing


def writable(text: str) -> str:
    """What a cell of a workbook can hold of a text; one that is cut says so at its end."""
    text = for_xml(text)
    return text if len(text) <= CELL else text[: CELL - len(COUPE)] + COUPE


def leaf_name(title: str) -> str:
    """What a leaf may be called: without the signs that addresses of cells are made of, 31 of them at most."""
    return re.sub(r"[\\*?:/\[\]']", " ", title)[:31]


def typed(column: Column, block: Block) -> list[str | int | float | date | datetime | None]:
    """What the cells of a column hold: numbers, days and moments as such, texts that no spreadsheet runs."""
    if column.moment:
        return [_typed_moment(moment) for moment in column.moments(block)]
    return [_typed_text(text, column.numeric) if text else None for text in column.texts(block)]


def _typed_text(text: str, numeric: bool) -> str | int | float:
    if numeric and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return writable(unix(text if numeric else protect(text)))


def _typed_moment(moment: date | datetime | None) -> str | date | datetime | None:
    """In the time of the site, to the second: a workbook knows no other. Midnight is a text, as a cell says the day."""
    if not isinstance(moment, datetime):
        return moment
    moment = timezone.localtime(moment).replace(tzinfo=None, microsecond=0)
    return f"{moment:%d/%m/%Y %H:%M}" if moment.time() == time.min else moment


@one_of_few
def write(
    columns: list[Column], blocks: Iterable[Block], title: str, about: Iterable[tuple[str, object]] = ()
) -> bytes:
    """The workbook of what columns (`Column.of`) read, in blocks. `about`: lines of a second leaf.

    openpyxl keeps rows on disk, what is left in memory is compressed.

    Headings stay in sight, and so does the first column; no cell is a formula, whatever was typed.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(leaf_name(title))
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = 12 if column.numeric else 24
    sheet.append([_bold(sheet, column.nom) for column in columns])
    for block in blocks:
        for row in zip(*(typed(column, block) for column in columns), strict=True):
            sheet.append([_cell(sheet, value) for value in row])
    if about:
        sheet = book.create_sheet(ORIGINE)
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
        for what, answer in about:
            sheet.append([_bold(sheet, what), _cell(sheet, protect(answer) if isinstance(answer, str) else answer)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _bold(sheet, text: str):
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet, value):
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
        return cell
    cell = WriteOnlyCell(sheet, writable(unix(value)))
    cell.data_type = "s"  # a text, whatever it looks like
    return cell
