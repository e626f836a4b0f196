"""CSV as a stream of blocks, in constant memory: RFC 4180, UTF-8.

Cells are joined by hand: csv.writer looks at every character and is three times slower on long texts (docs/decisions).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import slugify

from socle.catalogue.columns import Block, Column, protect

CRITERIA = 60  # characters of a file name for its filters
BOM = "\ufeff"


def file_name(what: str, criteria: Iterable[str], format: str = "csv") -> str:
    """« projets-morbihan-portail-famille-2026-11-27.csv »: what the file holds, and its day."""
    told = slugify(" ".join(words.replace("’", " ") for words in criteria))
    if len(told) > CRITERIA:
        told = told[: CRITERIA + 1].rpartition("-")[0] or told[:CRITERIA]
    return "-".join(filter(None, (what, told, f"{timezone.localdate():%Y-%m-%d}"))) + f".{format}"


def quoted(cells: Iterable[bytes]) -> list[bytes]:
    """Cells of CSV: filled ones between quotes, quotes doubled."""
    return [b'"' + (cell.replace(b'"', b'""') if b'"' in cell else cell) + b'"' if cell else b"" for cell in cells]


def line(cells: Iterable[str], separator: str = ",") -> bytes:
    return separator.encode().join(quoted(cell.encode() for cell in cells)) + b"\r\n"


def stream(columns: list[Column], blocks: Iterable[Block], *, excel: bool = False) -> Iterator[bytes]:
    """The file in blocks, headings first. `excel`: for a French spreadsheet, with a BOM.

    `columns` must be those of a record type (`Column.of`).
    """
    separator = ";" if excel else ","
    names = [column.nom for column in columns]
    yield (BOM if excel else "").encode() + line(map(protect, names) if excel else names, separator)
    join = separator.encode().join
    for block in blocks:
        cells = [quoted(_french(column, block) if excel else _cells(column, block)) for column in columns]
        yield b"\r\n".join([*map(join, zip(*cells, strict=True)), b""])


def transposed(columns: list[Column], block: Block, *, excel: bool = False) -> bytes:
    """The file of a few records, one line per column, the heading first."""
    join = (b";" if excel else b",").join
    rows = [(column.nom, _french(column, block) if excel else _cells(column, block)) for column in columns]
    body = b"".join(join(quoted([nom.encode(), *cells])) + b"\r\n" for nom, cells in rows)
    return (BOM if excel else "").encode() + body


def _cells(column: Column, block: Block) -> list[bytes]:
    """Cells in UTF-8, texts as written."""
    texts = column.texts(block)
    if isinstance(next(filter(None, texts), ""), bytes):
        return texts
    return [text.encode() if text else b"" for text in texts]


def _french(column: Column, block: Block) -> list[bytes]:
    """Cells that a French spreadsheet reads as numbers, days and moments.

    A text that it would run as a formula gets an apostrophe. Nearly every text starts with a letter or a digit, as no
    formula does: that is tested first.
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
