"""The names under which the old site kept files, and those on its pages."""

import re

_STORED = re.compile(r"_[0-9]{14}_[0-9]{14}(\.\w+?)_?$")


_VIGNETTE = re.compile(r"_vignette_[0-9]+_[0-9]+(?=_[0-9]{14}_)")  # in names of small pictures


_OWNER = re.compile(r"^[A-Za-z0-9]+_(?:fichier|image)(?:bf_[a-z0-9]+|fichier|image)?_(?=[^.])")


# A file as the old site printed it in a text: « : Charte_2021.docx (0.1MB) ».
_PRINTED = re.compile(
    r"(?<![ \u00a0])[ \u00a0]*(?<![\w.'’-])(?P<nom>[\w.'’-]+\.(?:pdf|rtf|zip|docx?|xlsx?|pptx?|od[tsp]|jpe?g|png))"
    r"[ \u00a0]\([0-9]+(?:[.,][0-9]+)?[ \u00a0]?[kMG]?[Bo]\)",
    re.IGNORECASE,
)
_EMPTIED = re.compile(r"(?<![ \u00a0])[ \u00a0]*\([ \u00a0]*\)")  # brackets that held only a file


def parted(text: str) -> tuple[str, list[str]]:
    """Returns a text without the names of files that the old site printed in it, and these names.

    Lines that held only files go; all others stay, empty ones too.
    """
    lines, noms = [], []
    for line in text.split("\n"):
        found = [match["nom"] for match in _PRINTED.finditer(line)]
        rest = _EMPTIED.sub("", _PRINTED.sub("", line)).rstrip(" :\u00a0\u202f") if found else line
        noms += found
        if rest or not found:
            lines.append(rest)
    return "\n".join(lines), noms


def is_stored_as(stored: str, shown: str) -> bool:
    """Whether the old site kept under the name `stored` the file that its pages called `shown`.

    The old site puts the record and the field before a name, two dates after it, and « _ » after suspect extensions.
    """
    bare, count = _STORED.subn(r"\1", stored)
    bare_shown = shown.rstrip("_")
    return stored == shown or bool(count and bare_shown and f"_{bare}".endswith(f"_{bare_shown}"))


def shown_name(stored: str) -> str:
    """The stored name without the record, the field and the dates."""
    bare, count = _STORED.subn(r"\1", stored)
    return _OWNER.sub("", bare) if count else stored.rstrip("_")


def stored_name(nom: str) -> str:
    """The name of the file from which a small picture was made; other names are unchanged."""
    return _VIGNETTE.sub("", nom)


def undated(stored: str) -> str:
    """The name without its two dates, as a text names the file."""
    return _STORED.sub(r"\1", stored)
