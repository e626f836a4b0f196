"""Workbooks (XLSX): read within limits, each cell as text; written row by row.

A file from outside is first checked part by part, within a budget (socle/medias): no macros, no document types, no more
tags than a table has. Only the good parts go to `worksheets.py`, which reads the rows and tells formulas from texts.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from socle.catalogue.columns import Block, Column
from socle.francais.texte import for_xml
from socle.francais.valeurs import unix
from socle.francais.wording import entier
from socle.medias import bounded_xml, office, refus, turns
from socle.medias.bounded_xml import ExpatError, Harmful
from socle.medias.budget import Budget, Exhausted
from socle.medias.fichiers import poids
from socle.tableur import worksheets
from socle.tableur.lecture_csv import COLUMNS, FichierIllisible, check_headings
from socle.tableur.slots import one_of_few

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OCTETS = 10_000_000  # of the file
DEPLIE = 40_000_000  # bytes of all parts, unpacked; also characters of all cells, a shared text counted in each cell
CELLS = 300_000  # in all sheets, empty ones included
TEXTES = 100_000  # texts shared by cells, with their marks (bold and the like)
AUTRES = 100_000  # other tags in a sheet than rows, cells and their contents
PETITES = 20_000  # tags in any other part: styles, names
ROWS = 10_000
WIDE = [bytes([lead]) for lead in range(0xF0, 0xF5)]  # first bytes, in UTF-8, of characters beyond 65 536
WIDTH = 16_384  # cells of a row
LAST_LINE = 1_048_576
WIDTHS = 2_000_000  # cells read, empty ones included
FEUILLES = 20
CELL = 32_767  # characters in a cell; spreadsheets silently cut longer texts
ORIGINE = "À propos de cette liste"  # the second sheet
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
ETRANGE = (
    "Ce classeur contient des instructions qu’aucun tableur n’y met : par prudence, rien n’en a été lu. Copiez ses "
    "lignes dans un classeur neuf."
)
MACROS = "Ce classeur contient des macros : enregistrez-le en XLSX sans macros, ou en CSV, puis envoyez-le."
ABIME = (
    "Ce classeur ne peut pas être lu : il est abîmé, protégé par un mot de passe, ou d’un autre format. Ouvrez-le dans "
    "votre tableur et enregistrez-le à nouveau en XLSX, ou en CSV."
)

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class CelluleIllisible(str):
    """A cell without a value of its own (a formula, an error). Its text is empty; `message` says what to do."""

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


def inspected(data: bytes) -> BytesIO:
    """The workbook, reduced to the parts read within the budget. FichierIllisible if it is too large or harmful.

    Parts that are not XML, such as pictures, are left out.
    """
    if len(data) > OCTETS:
        raise FichierIllisible(TROP_LOURD)
    if data.startswith(b"mimetypeapplication/vnd.oasis.opendocument", 30):
        raise FichierIllisible(
            "Ce fichier est un ODS de LibreOffice : enregistrez-le en XLSX ou en CSV, puis envoyez-le."
        )
    budget, told = Budget(unpacked=DEPLIE), Counter()
    try:
        archive = office.opened(data, budget)
        office.refuse_macros(archive, budget)
        parts = [part for part in archive.parts if _is_table(archive, part, budget, told)]
        return BytesIO(office.written(office.Archive(data, parts), {}))
    except Exhausted:
        raise FichierIllisible(TROP_GRAND) from None
    except Harmful:
        raise FichierIllisible(ETRANGE) from None
    except (ValidationError, ExpatError, zipfile.BadZipFile) as error:
        code = getattr(error, "code", "")
        raise FichierIllisible(MACROS if code == "macros" else ABIME) from error


def _is_table(archive: office.Archive, part: zipfile.ZipInfo, budget: Budget, told: Counter) -> bool:
    """Whether a part is XML; raises if it holds more than a table can. `told`: tags of the parts before.

    A text with one character beyond 65 536 (an emoji) takes four bytes per character in memory, so its part counts
    twice.
    """
    own, before_row, wide, last = Counter(), 0, False, b""

    def opened(name, attributes):
        nonlocal before_row
        own[name] += 1
        if name == "row":
            before_row = own["c"]

    def pieces():
        nonlocal wide, last
        for piece in archive.read(part):
            if not wide and (b"&#" in last + piece or any(lead in piece for lead in WIDE)):
                wide = True
                budget.spend(unpacked=part.file_size)
            last = piece[-1:]
            yield piece
            _check(own, told, own["c"] - before_row)

    try:
        bounded_xml.read(pieces(), budget, opened)
    except ExpatError:
        if part.filename.endswith((".xml", ".rels")):
            raise
        return False
    told.update(own)
    return True


def _check(own: Counter, told: Counter, width: int) -> None:
    """Refuses more rows, cells, texts or other tags than a table has. `width`: cells of the present row.

    A style or a name costs the parser ten times as much as a cell.
    """
    if own["row"] > 10 * ROWS:  # blank rows do no harm
        raise FichierIllisible(TROP_DE_LIGNES)
    if width > WIDTH:
        raise FichierIllisible(TROP_LOIN)
    cells, texts = own["c"], own["si"]
    held = own["v"] + own["f"] + own["is"] + own["t"]
    others = own.total() - cells - texts - held - own["row"]
    if (
        cells + told["c"] > CELLS
        or texts + (others if own["sst"] else 0) > TEXTES
        or own["sheet"] > FEUILLES
        or held > 3 * (cells + texts) + AUTRES
        or others > (TEXTES if own["sst"] else AUTRES if own["worksheet"] else PETITES)
    ):
        raise Exhausted("tags")


def rows(data: bytes, known: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, {heading: cell}) of each row that is not blank; line 1 holds the headings.

    `known`: the first sheet with one of these headings is read. FichierIllisible if there is none.
    """
    try:
        file = turns.in_turn(inspected, data)
        with catch_warnings():
            simplefilter("ignore")  # styles and extensions unknown to openpyxl
            sheets = worksheets.sheets(file)
        if len(sheets) > FEUILLES:
            raise FichierIllisible(TROP_GRAND)
        yield from _rows_of(sheets, known)
    except (FichierIllisible, GeneratorExit):
        raise
    except turns.Busy:
        raise FichierIllisible(refus.OCCUPE) from None
    except (RecursionError, MemoryError):
        raise FichierIllisible(TROP_GRAND) from None
    except Exception as error:  # a damaged file can break the parser in any way
        raise FichierIllisible(ABIME) from error


def _rows_of(sheets, known: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for sheet in sheets:
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
                cells += [""] * (len(headings) - len(cells))  # files leave out blank cells at the end of a row
                yield line, dict(zip(headings, cells, strict=True))
            return
    names = " », « ".join(sheet.title[:40] for sheet in sheets)
    raise FichierIllisible(
        f"Aucune colonne connue à la première ligne ({'feuille' if len(sheets) < 2 else 'feuilles'} "
        f"« {names} »). Gardez la ligne de titres de l’export, par exemple « identifiant », « titre »."
    )


def _lines(sheet) -> Iterator[tuple[int, list[str]]]:
    """(line, cells as text) of rows that are not blank."""
    widths = count = size = 0
    with catch_warnings():
        simplefilter("ignore")
        for line, row in sheet.lines():
            if line > LAST_LINE:
                raise FichierIllisible(TROP_LOIN)
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
    """The text that a CSV of the same table would have."""
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
        # Spreadsheets hold a day as a moment at midnight.
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    return value.isoformat() if isinstance(value, date | time) else str(value)


# Writing


def writable(text: str) -> str:
    """What a cell can hold; a cut text says so at its end."""
    text = for_xml(text)
    return text if len(text) <= CELL else text[: CELL - len(COUPE)] + COUPE


def leaf_name(title: str) -> str:
    """A name of at most 31 characters, none of those used in addresses of cells."""
    return re.sub(r"[\\*?:/\[\]']", " ", title)[:31]


def typed(column: Column, block: Block) -> list[str | int | float | date | datetime | None]:
    """The cells of a column: numbers, days and moments as such, texts as written."""
    if column.moment:
        return [_typed_moment(moment) for moment in column.moments(block)]
    return [_typed_text(text, column.numeric) if text else None for text in column.texts(block)]


def _typed_text(text: str, numeric: bool) -> str | int | float:
    if numeric and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return writable(unix(text))


def _typed_moment(moment: date | datetime | None) -> str | date | datetime | None:
    """The moment in local time, to the second, as workbooks know no other.

    Midnight becomes a text, or it would look like a day.
    """
    if not isinstance(moment, datetime):
        return moment
    moment = timezone.localtime(moment).replace(tzinfo=None, microsecond=0)
    return f"{moment:%d/%m/%Y %H:%M}" if moment.time() == time.min else moment


@one_of_few
def write(columns: list[Column], blocks: Iterable[Block], title: str, about: Iterable[tuple] = ()) -> bytes:
    """The workbook of what columns (`Column.of`) read, in blocks.

    `about`: lines of a second sheet, with amounts as Decimals. openpyxl keeps the rows on disk. Headings and first
    column stay in sight. No cell is a formula, whatever was typed.
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
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 24  # texts may run over empty cells
        for what, *answers in about:
            sheet.append([_bold(sheet, what), *(_cell(sheet, answer) for answer in answers)])
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
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = '#,##0.00 "€"'
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
        return cell
    cell = WriteOnlyCell(sheet, writable(unix(value)))
    cell.data_type = "s"  # a text, whatever it looks like
    return cell
