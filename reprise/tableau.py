"""Reader of the CSV that the old wiki exports, one form a file: headings are labels or keys; also re-saved elsewhere.

What is particular to it: a label of a choice is written as CSV a second time inside its cell; a quote behind a
backslash is not doubled, as PHP has it; the file may hold `&amp;` and `&nbsp;`; a spreadsheet makes it `;`, BOM,
Windows-1252.
"""

import codecs
import re
from collections.abc import Iterator

from reprise.lecture import DumpIllisible
from reprise.wiki import ARROW, TITRE, ChampAncien, FicheAncienne, FormulaireAncien, Wiki, clean, genre_of

DATES = ("datetime_create", "datetime_latest")
DELIMITERS = ",;\t"
TRIES = 100  # rows that are read in vain a second time: each may lead to the end of the file
_DOUBLED = re.compile('""+')
_KEY = re.compile(r"(?:bf_|liste|checkbox|radio|image|fichier|tags)\w*|[a-z]+[0-9A-Z_]\w*")
_NUMBERED = re.compile(r"export-bazar-([0-9]+)")
_STORED = re.compile(r"https?://\S+?/files/(?P<name>[^/\s?#]+)$")
_ENCODED = re.compile(r'(?:"(?:[^"]|"")*"|[^\s",]+)(?:,(?:"(?:[^"]|"")*"|[^\s",]+))*')
_UTF_8 = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80")  # letters with accents, typographic signs
_PICTURE = re.compile(r"[A-Za-z0-9]+_image")  # the record, then the field


def _stray(error: UnicodeError) -> tuple[str, int]:
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("stray bytes", _stray)


def decode(data: bytes, nom: str) -> tuple[str, bool]:
    """The text of a file, and whether a spreadsheet saved it in Windows-1252, with « ? » for what that lacks.

    Raises DumpIllisible if it is no text.
    """
    poor = False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            if poor := not _UTF_8.search(data):
                text = data.decode("cp1252", "replace")
            else:  # pasted from elsewhere, or cut: these bytes alone are another encoding's
                text = data.decode("utf-8-sig", "stray bytes")
    if "\x00" in text:
        raise DumpIllisible(
            f"{nom} n’est pas un tableau en texte : il contient un octet nul. Enregistrez-le au format « CSV UTF-8 », "
            f"ou redemandez-le à l’ancien site, puis recommencez.",
            text.count("\n", 0, text.index("\x00")) + 1,
        )
    return text, poor


def rows(text: str, delimiter: str, nom: str = "") -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row. Raises DumpIllisible for a quote that is never closed.

    Inside quotes, a run of quotes tells by its length what it is: doubled ones are characters, one more of them ends
    the cell. Behind a backslash PHP leaves the first one single: before a delimiter or a line's end, only the number of
    cells can tell whether it ends its cell, as it does if the row then has as many as the first row.
    """
    signs = _Signs(delimiter)
    place, line, width, tries = 0, 1, 0, TRIES
    while place < len(text):
        cells, end, opened = _row(text, place, signs, signs.ends)
        odd = opened >= 0 or len(cells) != (width or len(cells))
        if odd and tries and text.find('\\"', place, end) >= 0:
            other = _row(text, place, signs, signs.ends_escaping)
            if other[2] < 0 and len(other[0]) == (width or len(other[0])):
                cells, end, opened = other
            else:
                tries -= 1
        if opened >= 0:
            raise DumpIllisible(
                f"{nom} a un guillemet ouvert et jamais refermé : le fichier est sans doute coupé. Redemandez-le à "
                f"l’ancien site en entier, puis recommencez.",
                line + text.count("\n", place, opened),
            )
        if any(cells) or len(cells) > 1:
            yield line, cells
            width = width or len(cells)
        line += text.count("\n", place, end) + (text[end - 1] == "\r")
        place = end


class _Signs:
    """What stands at the end of a cell, for one `delimiter`."""

    def __init__(self, delimiter: str):
        self.delimiter = delimiter
        outside = rf"(?=[{re.escape(delimiter)}\r\n]|\Z)"
        odd = r'"(?:"")*' + outside
        self.bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
        self.ends_at_once = re.compile(odd)
        self.ends = re.compile(rf'(?<!["\\]){odd}|(?<=\\)"+{outside}')
        # a single quote behind a backslash ends no cell
        self.ends_escaping = re.compile(rf'(?<!["\\]){odd}|(?<=\\)(?:"")+{outside}')


def _row(text, place: int, signs: _Signs, ends: re.Pattern) -> tuple[list[str], int, int]:
    """(cells, where the next row starts, where the quote stands that is never closed, or -1) of one row."""
    cells: list[str] = []
    while True:
        if place < len(text) and text[place] == '"':
            closing = signs.ends_at_once.match(text, place + 1) or ends.search(text, place + 1)
            if closing is None:
                return cells, len(text), place
            said = _DOUBLED.sub(lambda run: '"' * ((len(run[0]) + 1) // 2), text[place + 1 : closing.start()])
            cell, place = said + '"' * (len(closing[0]) // 2), closing.end()
        else:
            match = signs.bare.match(text, place)
            cell, place = match.group(), match.end()
        cells.append(cell)
        if place < len(text) and text[place] == signs.delimiter:
            place += 1
            if place < len(text) and text[place] not in "\r\n":
                continue
            cells.append("")  # the row ends with an empty cell
        break
    if place < len(text):
        place += 2 if text.startswith("\r\n", place) else 1
    return cells, place, -1


def delimiter_of(text: str) -> str:
    """The sign between the cells of the first row: the one that makes most of them."""
    return max(DELIMITERS, key=lambda delimiter: len(_first_row(text, delimiter)))


def headings(text: str) -> list[str]:
    """The cells of the first row, as far as it can be read."""
    return _first_row(text, delimiter_of(text))


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next((cells for _, cells in rows(text, delimiter)), [])
    except DumpIllisible:
        return []


def add(wiki: Wiki, text: str, nom: str, stem: str, *, poor: bool = False) -> None:
    """Put the records of a file into `wiki`, whose forms tell more of its columns if they are known already.

    `poor`: signs were lost on the way, that of a list in a tree among them: « Numérique ? Médiation ».
    """
    all_rows = rows(text, delimiter_of(text), nom)
    first = next(all_rows, None)
    if first is None:
        wiki.ignores.append(f"{nom} : le fichier est vide.")
        return
    names = [_heading(cell) for cell in first[1]]
    by_keys = _are_keys(names)
    form = _form(wiki, nom, stem, names, by_keys)
    columns = _columns(form, names, by_keys)
    wiki.comptes["total"] += len(names)
    wiki.comptes["libelles"] += len(names)
    entities = "&amp;" in text or "&nbsp;" in text
    fiches = []
    for line, cells in all_rows:
        if cells == first[1]:  # the headings again: a file put behind another one
            wiki.comptes["total"] += len(cells)
            wiki.comptes["libelles"] += len(cells)
            continue
        fiche = FicheAncienne(form.numero, {}, line, source=nom, libelles=not by_keys, appauvrie=poor)
        for number, cell in enumerate(cells):
            cell = clean(cell)
            if entities:
                cell = cell.replace("&nbsp;", "\xa0").replace("&amp;", "&")
            _put(wiki, form, fiche, number, names, columns, cell)
        fiches.append(fiche)
    wiki.fiches += fiches
    if not by_keys:
        _find_choices(columns, fiches)
    for champ in columns if poor else ():
        if champ and champ.genre in ("choix", "listes"):
            for fiche in fiches:
                if champ.cle in fiche.valeurs:
                    fiche.valeurs[champ.cle] = fiche.valeurs[champ.cle].replace(" ? ", f" {ARROW} ")


def _columns(form: FormulaireAncien, names: list[str], by_keys: bool) -> list[ChampAncien | None]:
    """The field of each column; of two with one heading, the second has its number too."""
    columns: list[ChampAncien | None] = []
    for number, name in enumerate(names, 1):
        champ = _column(form, name, by_keys)
        if champ and champ.cle in [other.cle for other in columns if other]:
            champ = ChampAncien(f"{champ.cle} ({number})", champ.label, champ.genre)
        if champ:
            form.champs.setdefault(champ.cle, champ)
        columns.append(champ)
    return columns


def _put(wiki, form, fiche, number: int, names: list[str], columns: list[ChampAncien | None], cell: str) -> None:
    """Put a cell into its record, and count it."""
    wiki.comptes["total"] += 1
    name = names[number] if number < len(names) else ""
    champ = columns[number] if number < len(names) else None
    if name in DATES:
        wiki.comptes["libelles"] += 1
        if name == DATES[0]:
            fiche.creation = cell
        else:
            fiche.modification = cell
        return
    if champ is None:  # beyond the headings, or under none
        cle = f"colonne {number + 1}"
        champ = form.champs.setdefault(cle, ChampAncien(cle, cle, "texte"))
    fiche.valeurs[champ.cle] = _said(cell, champ, wiki)


def _find_choices(columns: list[ChampAncien | None], fiches: list[FicheAncienne]) -> None:
    """Columns of choices: all that they say is CSV inside the cell, which no text is by chance."""
    for champ in columns:
        if champ is None or champ.genre != "texte" or champ.syntaxe:
            continue
        cells = [cell for fiche in fiches if (cell := fiche.valeurs.get(champ.cle, "").strip())]
        if any(cell.startswith('"') for cell in cells) and all(map(_ENCODED.fullmatch, cells)):
            champ.genre = "listes"


def _heading(cell: str) -> str:
    return " ".join(cell.replace("&nbsp;", " ").replace("&amp;", "&").split()).removesuffix("*").strip()


def _are_keys(names: list[str]) -> bool:
    """Whether headings are keys: `bf_titre` is there, or all look like keys."""
    own = [
        name for name in names if name and name not in DATES and not name.startswith(("bf_latitude", "bf_longitude"))
    ]
    return TITRE in own or (bool(own) and all(_KEY.fullmatch(name) for name in own))


def _form(wiki: Wiki, nom: str, stem: str, names: list[str], by_keys: bool) -> FormulaireAncien:
    """The form of a file: the one of that number if its definition is there, else one that has these columns."""
    wanted = {name for name in names if name and name not in DATES}
    numbered = _NUMBERED.search(stem)
    numero = numbered[1] if numbered else stem
    known = wiki.formulaires.get(numero)
    if known and not known.deduit:
        return known
    for form in wiki.formulaires.values():
        held = {champ.cle if by_keys else champ.label for champ in form.champs.values()}
        if not form.deduit and len(wanted & held) * 2 > len(wanted):
            return form
    if known and known.champs.keys() != wanted:  # two files of one name, or one form in both modes
        numero = nom
    return wiki.formulaires.setdefault(numero, FormulaireAncien(numero, deduit=True))


def _column(form: FormulaireAncien, name: str, by_keys: bool) -> ChampAncien | None:
    """The field of a column; None for the dates of the record and a column without a name."""
    if not name or name in DATES:
        return None
    if name in form.champs:
        return form.champs[name]
    if not by_keys:
        for champ in form.champs.values():
            if champ.label == name:
                return champ
    is_key = by_keys or _KEY.fullmatch(name)
    return ChampAncien(name, "" if by_keys else name, genre_of(name) if is_key else "texte")


def _said(cell: str, champ: ChampAncien, wiki: Wiki) -> str:
    """What a cell says: the name of a file, without the address that it is at."""
    stored = _STORED.match(cell.strip())
    if stored:
        if champ.genre == "texte" and not champ.options:
            champ.genre = "image" if _PICTURE.match(stored["name"]) else "fichier"
        if champ.genre in ("fichier", "image"):
            wiki.site = wiki.site or cell.strip().partition("/files/")[0]
            return stored["name"]
    return cell
