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


def quoted(cells: Iterable[str | None]) -> list[str]:
    """Cells of CSV: every filled one between quotes, quotes doubled."""
    return ['"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells]


def line(cells: Iterable[str], separator: str = ",") -> str:
    """One line of CSV, CRLF at its end."""
    return separator.join(quoted(cells)) + "\r\n"


def stream(columns: list[Column], blocks: Iterable[Block], *, excel: bool = False) -> Iterator[bytes]:
    """The file in blocks, headings at once. `excel`: as a French spreadsheet wants it (`_french`), and a BOM.

    `columns`: those of a record type (`Column.of`).
    """
    separator = ";" if excel else ","
    yield ((BOM if excel else "") + line([column.nom for column in columns], separator)).encode()
    for block in blocks:
        cells = [quoted(_french(column, block) if excel else _cells(column, block)) for column in columns]
        yield "".join([separator.join(row) + "\r\n" for row in zip(*cells, strict=True)]).encode()


def _cells(column: Column, block: Block) -> Iterable[str | None]:
    texts = column.texts(block)
    if column.numeric:
        return texts
    # No formula begins with a letter or a digit, and nearly every text does.
    return [text if not text or text[0].isalnum() else protect(text) for text in texts]


def _french(column: Column, block: Block) -> Iterable[str | None]:
    """Cells that a French spreadsheet takes for the numbers, the days or the moments that they are."""
    if column.moment:
        return map(_french_moment, column.moments(block))
    if column.numeric:
        return [text and text.replace(".", ",") for text in column.texts(block)]
    return _cells(column, block)


def _french_moment(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M:%S}"
    return f"{moment:%d/%m/%Y}" if moment else ""
