"""Finding a person in any text: her address, the full names she is known by, however they are written."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from django.utils.text import slugify

EFFACE = "[effacé]"
# A name ends at « _ » too, as in that of a file; before « @ » it is another address.
_START, _END = r"(?<![^\W_])", r"(?![^\W_]|@)"
_BETWEEN = r"[\s\-_.,'’]{1,3}"


class Motif:
    """What to look for: an address, and names of two words at least, in either order, without regard to accents."""

    def __init__(self, adresse: str, noms: Iterable[str] = ()):
        patterns = [rf"(?<![\w.+-]){_any_accents(adresse)}(?![\w-])", rf"{_START}{re.escape(slugify(adresse))}{_END}"]
        for nom in sorted({" ".join(nom.split()) for nom in noms}, key=len, reverse=True):
            words = [_any_accents(word) for word in re.findall(r"\w+", nom)]
            if len(words) >= 2:
                turned = [words[-1], *words[:-1]], [*words[1:], words[0]]
                orders = {_BETWEEN.join(order) for order in (words, *turned)}
                patterns += [rf"{_START}{order}{_END}" for order in sorted(orders)]
        self._regex = re.compile("|".join(patterns), re.IGNORECASE)

    def finds(self, text: str) -> bool:
        return self._regex.search(text) is not None

    def extract(self, text: str, around: int = 60) -> str:
        """The first mention, with some words around it."""
        match = self._regex.search(text)
        start, end = max(match.start() - around, 0), match.end() + around
        return " ".join(f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}".split())

    def erase(self, text: str, by: str = EFFACE) -> str:
        return self._regex.sub(by, text)


def _any_accents(text: str) -> str:
    """A pattern of `text` whose letters match with any accent, or none; « oe » matches « œ » too."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    pieces = re.split("(oe)", "".join(letter for letter in plain.lower() if not unicodedata.combining(letter)))
    letters = ["".join(map(_letter, piece)) for piece in pieces]
    return "".join(f"(?:{word}|œ)" if piece == "oe" else word for piece, word in zip(pieces, letters, strict=True))


def _letter(letter: str) -> str:
    return _variants().get(letter, re.escape(letter)) + "[\u0300-\u036f]?"


@cache
def _variants() -> dict[str, str]:
    """{letter: a class of it and of what it is with an accent}."""
    found: dict[str, str] = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}
    for code in range(0xC0, 0x180):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if base in found and chr(code).isalpha():
            found[base] += chr(code)
    return {letter: f"[{variants}]" for letter, variants in found.items()}
