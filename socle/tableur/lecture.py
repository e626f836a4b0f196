"""A CSV or XLSX file sent by somebody, as rows of text. Imports start here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from socle.tableur import classeur, lecture_csv
from socle.tableur.classeur import CelluleIllisible
from socle.tableur.lecture_csv import FichierIllisible

__all__ = ["CelluleIllisible", "FichierIllisible", "Tableau", "is_workbook", "read"]


@dataclass(frozen=True)
class Tableau:
    """The rows of a file, (line, {heading: cell}), read one by one. `lossy`: see lecture_csv.same."""

    rows: Iterator[tuple[int, dict[str, str]]]
    lossy: bool
    format: str


def is_workbook(data: bytes) -> bool:
    """Whether the file is a ZIP, as workbooks are; its name does not count."""
    return data.startswith(b"PK\x03\x04")


def read(data: bytes, known: set[str], *, bounded: bool = False) -> Tableau:
    """The table in a file. `known`: headings that tell the sheet. `bounded`: a CSV may be no larger than a workbook.

    FichierIllisible, now or while the rows are read, if the file holds no table or too large a one.
    """
    if is_workbook(data):
        return Tableau(classeur.rows(data, known), False, "XLSX")
    if bounded and len(data) > classeur.OCTETS:
        raise FichierIllisible(classeur.TROP_LOURD)
    text, lossy = lecture_csv.decode(data)
    rows = lecture_csv.rows(text, known)
    return Tableau(_few(rows) if bounded else rows, lossy, "CSV")


def _few(rows):
    for number, (line, cells) in enumerate(rows):
        if number >= classeur.ROWS:
            raise FichierIllisible(classeur.TROP_DE_LIGNES)
        yield line, cells


def read_path(path: Path, known: set[str]) -> Tableau:
    """Like `read`; a workbook that is too large is not even read."""
    with path.open("rb") as file:
        head = file.read(4)
        if is_workbook(head) and path.stat().st_size > classeur.OCTETS:
            raise FichierIllisible(classeur.TROP_LOURD)
        return read(head + file.read(), known)
