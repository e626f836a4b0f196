"""Turns the bytes of a dump into lines, or into a message that says what to do.

A line ends at LF or CRLF only; U+2028, a lone CR or a form feed belong to a text. The last line needs no line feed.
"""

from dataclasses import dataclass

from reprise.lecture import DumpIllisible

_RESAVE = (
    "Ouvrez-le dans un éditeur de texte, enregistrez-le avec l’encodage « UTF-8 » (ou demandez une nouvelle copie du "
    "texte de l’ancien site), puis recommencez."
)
_SIGNATURES = (
    (b"PK\x03\x04", "une archive ZIP ou un document bureautique (DOCX, ODT, XLSX…)"),
    (b"%PDF", "un PDF"),
    (b"\x1f\x8b", "une archive compressée (GZIP)"),
    (b"\xd0\xcf\x11\xe0", "un ancien document Word ou Excel"),
    (b"{\\rtf", "un document RTF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"SQLite format 3", "une base de données"),
)
_TEXT_SIGNATURES = (
    (("<!doctype", "<html", "<?xml", "<head", "<body"), "une page web (HTML ou XML)"),
    (("{", "["), "un fichier JSON"),
)


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A line that may be a title, a label or a value. `numero` counts from 1.

    `file_before`, `spam_before`: names of files, or removed spam, stood between the previous line and this one.
    """

    numero: int
    texte: str
    file_before: bool = False
    spam_before: bool = False


def decode(data: bytes) -> tuple[list[str], bool]:
    """Returns the lines of a dump without line ends, and whether half a character was cut off at the end.

    Raises DumpIllisible if the bytes are not UTF-8 text.
    """
    if not data.strip(b"\xef\xbb\xbf \t\r\n\v\f\x1c\x1d\x1e\x1f"):
        raise DumpIllisible(
            "Le fichier est vide : il ne contient aucun texte. Vérifiez que l’export de l’ancien site s’est terminé, "
            "puis recommencez avec le fichier complet."
        )
    for signature, nature in _SIGNATURES:
        if data.startswith(signature):
            raise DumpIllisible(_not_a_text(nature))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DumpIllisible(f"Le fichier est encodé en UTF-16 et non en UTF-8. {_RESAVE}", 1)
    nul = data.find(b"\0")
    if nul >= 0:
        raise DumpIllisible(
            f"Le fichier n’est pas un texte lisible : il contient un octet nul. C’est un fichier binaire, ou un texte "
            f"encodé autrement qu’en UTF-8. {_RESAVE}",
            _line_of(data, nul),
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return decode(data[: error.start])[0], True
        ligne = _line_of(data, error.start)
        raise DumpIllisible(
            f"Le fichier n’est pas en UTF-8 : un caractère ne se lit pas (il vient sans doute de l’encodage "
            f"Windows-1252). {_RESAVE}",
            ligne,
        ) from None
    beginning = text.lstrip()[:20].lower()
    for starts, nature in _TEXT_SIGNATURES:
        if beginning.startswith(starts):
            raise DumpIllisible(_not_a_text(nature))
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines], False


def not_a_dump(lines: list[str]) -> DumpIllisible:
    if any("Ã©" in line or "Ã¨" in line for line in lines):
        return DumpIllisible(
            "Les accents du fichier sont abîmés (« Ã© » au lieu de « é ») : il a été enregistré deux fois dans des "
            "encodages différents. Repartez du fichier d’origine, en UTF-8, puis recommencez.",
            next(number for number, line in enumerate(lines, 1) if "Ã©" in line or "Ã¨" in line),
        )
    first = next((line for line in lines if line.strip()), "")
    if any(first.count(mark) >= 2 for mark in ";,\t") and len(lines) > 1:
        return DumpIllisible(CSV_REFUSE)
    return DumpIllisible(
        "Ce fichier n’est pas le texte de l’ancien site : aucun libellé de ses formulaires (« Prénom », "
        "« Description », « Définition »…) n’y figure à sa place. Vérifiez que vous avez choisi le bon fichier."
    )


def _not_a_text(nature: str) -> str:
    return (
        f"Ce fichier est {nature}, et non le texte de l’ancien site. Il faut son export en texte seul, encodé en "
        f"UTF-8, ou ses données en JSON : choisissez l’un de ces fichiers, puis recommencez."
    )


CSV_REFUSE = (
    "Les CSV de l’ancien site ne sont pas lus : prenez ses données en JSON (« ?api/forms » et « ?api/entries »), qui "
    "en disent plus, puis recommencez."
)


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
