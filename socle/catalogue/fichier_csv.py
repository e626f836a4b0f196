"""CSV as a stream: RFC 4180, UTF-8, in blocks, in constant memory.

Cells are joined by hand: csv.writer walks every character and is three times slower on long texts (docs/decisions).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import slugify

from socle.catalogue.columns import Block, Column, protect

CRITERIA = 60  # characters of the name of a file that tell its filters
BOM = "\ufeff"


def file_name(what: str, criteria: Iterable[str], format: str = "csv") -> str:
    """« projets-morbihan-portail-famille-2026-11-27.csv »: what the file holds, and of which day."""
    told = slugify(" ".join(words.replace("’", " ") for words in criteria))
    if len(told) > CRITERIA:
        told = told[: CRITERIA + 1].rpartition("-")[0] or told[:CRITERIA]
    return "-".join(filter(None, (what, told, f"{timezone.localdate():%Y-%m-%d}"))) + f".{format}"


def quoted(cells: Iterable[bytes]) -> list[bytes]:
    """Cells of CSV: every filled one between quotes, quotes doubled."""
    return [b'"' + (cell.replace(b'"', b'""') if b'"' in cell else cell) + b'"' if cell else b"" for cell in cells]


def line(cells: Iterable[str], separator: str = ",") -> bytes:
    """One line of CSV, CRLF at its end."""
    return separator.encode().join(quoted(cell.encode() for cell in cells)) + b"\r\n"


def stream(columns: list[Column], blocks: Iterable[Block], *, excel: bool = False) -> Iterator[bytes]:
    """The file in blocks, headings at once. `excel`: as a French spreadsheet opens it (`_french`), and a BOM.

    `columns`: those of a record type (`Column.of`).
    """
    separator = ";" if excel else ","
    names = [column.nom for column in columns]
    yield (BOM if excel else "").encode() + line(map(protect, names) if excel else names, separator)
    join = separator.encode().join
    for block in blocks:
        cells = [quoted(_french(column, block) if excel else _cells(column, block)) for column in columns]
        yield b"\r\n".join([*map(join, zip(*cells, strict=True)), b""])


def transposed(columns: list[Column], block: Block, *, excel: bool = False) -> bytes:
    """The same of a few records, a column a line, what it is called first."""
    join = (b";" if excel else b",").join
    rows = [(column.nom, _french(column, block) if excel else _cells(column, block)) for column in columns]
    body = b"".join(join(quoted([nom.encode(), *cells])) + b"\r\n" for nom, cells in rows)
    return (BOM if excel else "").encode() + body


def _cells(column: Column, block: Block) -> list[bytes]:
    """Cells in UTF-8, the texts as they were written."""
    texts = column.texts(block)
    if isinstance(next(filter(None, texts), ""), bytes):
        return texts
    return [text.encode() if text else b"" for text in texts]


def _french(column: Column, block: Block) -> list[bytes]:
    """Cells that a French spreadsheet takes for the numbers, the days or the moments that they are.

    A text that it would run as a formula gets an apostrophe. No formula begins with a letter or a digit, and nearly
    every text does: that is asked first.
    """
    if column.moment:
        return [_french_moment(moment).encode() for moment in column.moments(block)]
    if column.numeric:
        return [cell.replace(b".", b",") for cell in _cells(column, block)]
    texts = column.texts(block)
    return [(text if text[0].isalnum() else protect(text)).encode() if text else b"" for text in texts]


def _french_moment(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M:%S}"
    return f"{moment:%d/%m/%Y}" if moment else ""
