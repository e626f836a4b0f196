"""Reads a CSV as people send it back: comma, semicolon or tab; UTF-8 with or without BOM, or Windows-1252."""

import csv
import re
from collections import Counter
from collections.abc import Iterator

from socle.catalogue.columns import unprotect
from socle.catalogue.fichier_csv import BOM

CELL_LIMIT = 10_000_000  # characters; a longer cell means that a quote was left open
COLUMNS = 200
csv.field_size_limit(CELL_LIMIT)

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_BOM = BOM.encode()
# Characters of UTF-8 that French text in Windows-1252 never contains: they would read « Ã© », « Â », « Å“ », « â€™ », «
# ï¼ » or « ðŸ ». Other sequences do not tell: « é », a no-break space and « » » make a valid one of three bytes.
_UTF_8 = re.compile(
    rb"[\xc2\xc3\xc5\xcc][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xef[\xb8-\xbf][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)


class FichierIllisible(Exception):
    """The file is not a CSV that can be read. The message, in French, says what to do."""


def decode(data: bytes) -> tuple[str, bool]:
    """(the text with its BOM, whether it was in Windows-1252, which has lost other characters).

    FichierIllisible if the file is empty or binary, or if UTF-8 contains wrong bytes: read as Windows-1252, every
    accent would be wrong.
    """
    if not data.strip(_BOM + b" \r\n\t"):
        raise FichierIllisible("Le fichier est vide.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), False
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise FichierIllisible("Ce n’est pas un fichier CSV : dans le tableur, choisissez « Enregistrer sous… CSV ».")
    if b"\x00" in data:
        raise FichierIllisible("Le fichier contient des octets nuls : ce n’est pas un fichier CSV.")
    try:
        return data.decode(), False
    except UnicodeDecodeError as error:
        if data.startswith(_BOM) or _UTF_8.search(data):
            line = 1 + len(re.findall(rb"\r\n?|\n", error.object[: error.start]))
            raise FichierIllisible(
                f"Ligne {line} : un caractère n’est pas en UTF-8 alors que le reste du fichier l’est, sans doute "
                "un texte collé depuis ailleurs. Retapez-le, puis enregistrez le fichier en « CSV UTF-8 »."
            ) from error
        return data.decode("cp1252", errors="replace"), True


def same(ours: str, cell: str, *, lossy: bool) -> bool:
    """Whether a cell still says `ours`. `lossy`: a character that Windows-1252 lacks came back as any other one."""
    if ours == cell:
        return True
    if not lossy or len(ours) != len(cell):
        return False
    return all(a == b or not a.encode("cp1252", "ignore") for a, b in zip(ours, cell, strict=True))


def check_headings(headings: list[str]) -> None:
    """Raises FichierIllisible if two columns have the same name, or if there are too many."""
    if len(headings) > COLUMNS:
        raise FichierIllisible(f"La première ligne a plus de {COLUMNS} colonnes : ce n’est pas celle d’un export.")
    duplicates = {name for name, number in Counter(headings).items() if name and number > 1}
    if duplicates:
        raise FichierIllisible(f"La colonne « {min(duplicates)} » figure deux fois : gardez-en une seule.")


def rows(text: str, known: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, {heading: cell}) of each row that is not blank. `known`: headings of which one must be there.

    Row 1 holds the headings. A row of several lines counts as one, as in the spreadsheet where it is corrected.
    FichierIllisible if the file has no row and no known heading, or a row more cells than headings; a shorter row lacks
    the last keys. Headings are compared without case and outer blanks. A BOM and semicolons tell a file made for
    spreadsheets (`fichier_csv.stream`): its apostrophes are removed.
    """
    text, marked = text.removeprefix(BOM), text.startswith(BOM)
    # Line by line: a copy of the whole text, at four bytes a character, would take the most memory of all.
    lines = (match.group() for match in _LINE.finditer(text))
    heading = match.group() if (match := _LINE.match(text)) else ""
    delimiter = max(",;\t", key=heading.count)
    bare = unprotect if marked and delimiter == ";" else str
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    empty, read = True, 0  # lines of the file read so far
    try:
        headings = [cell.strip().casefold() for cell in next(reader, [])]
        check_headings(headings)
        read = reader.line_num
        for line, cells in enumerate(reader, 2):
            read = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            empty = False
            if any(cell.strip() for cell in cells[len(headings) :]):
                raise FichierIllisible(
                    f"Ligne {line} : il y a plus de cellules que de titres de colonnes. "
                    "Un guillemet ou un séparateur manque sans doute un peu plus haut."
                )
            yield line, dict(zip(headings, map(bare, cells), strict=False))
    except csv.Error as error:
        raise FichierIllisible(
            f"Ligne {read + 1} : ce n’est pas un tableau, ou un guillemet y est mal placé ou jamais refermé. "
            "Ouvrez le fichier dans votre tableur et enregistrez-le à nouveau en XLSX, ou en CSV."
        ) from error
    if empty and not known & {*headings}:
        raise FichierIllisible("Le fichier n’est pas un tableau : aucun titre de colonne connu.")
