"""CSV as a stream: RFC 4180, UTF-8, in blocks, in constant memory.

Cells are joined by hand: csv.writer walks every character and is three times slower on long texts (docs/decisions).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify

from socle.catalogue.columns import Column

BLOCK = 200
CRITERIA = 60  # characters of the name of a file that tell its filters
BOM = "\ufeff"


def file_name(what: str, criteria: Iterable[str], format: str = "csv") -> str:
    """« projets-morbihan-portail-famille-2026-11-27.csv »: what the file holds, and of which day."""
    told = slugify(" ".join(words.replace("’", " ") for words in criteria))
    if len(told) > CRITERIA:
        told = told[: CRITERIA + 1].rpartition("-")[0] or told[:CRITERIA]
    return "-".join(filter(None, (what, told, f"{timezone.localdate():%Y-%m-%d}"))) + f".{format}"


def line(cells: Iterable[str], separator: str = ",") -> str:
    """One line of CSV: every filled cell between quotes, quotes doubled, CRLF at the end."""
    return separator.join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells) + "\r\n"


def stream(columns: list[Column], fiches: Iterable, *, excel: bool = False) -> Iterator[bytes]:
    """The file in blocks, headings at once. `excel`: as a French spreadsheet wants it (`_french`), and a BOM."""
    separator = ";" if excel else ","
    yield ((BOM if excel else "") + line([column.nom for column in columns], separator)).encode()
    block = []
    for fiche in fiches:
        block.append(line([_french(column, fiche) if excel else column.cell(fiche) for column in columns], separator))
        if len(block) == BLOCK:
            yield "".join(block).encode()
            block = []
    yield "".join(block).encode()


def _french(column: Column, fiche) -> str:
    """A cell that a French spreadsheet takes for the number, the day or the moment that it is."""
    if not column.moment:
        cell = column.cell(fiche)
        return cell.replace(".", ",") if column.numeric else cell
    moment = column.moment(fiche)
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M:%S}"
    return f"{moment:%d/%m/%Y}" if moment else ""
