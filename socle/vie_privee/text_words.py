"""The words of a text, as names are looked for among them: what is glued together apart, and what stands between."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from socle.vie_privee.names import WORD, fold_word
from socle.vie_privee.words import ARTICLES, CIVILITES, FUNCTIONS, LABELS, PARTICLES, PRENOMS, SAINTS, TIES

GAP = 3  # signs at most between two words of a name, spaces as one: « Le Goff, Anne », « Anne  Le-Goff »
ASIDES = 2  # words at most between its sides: « Anne M. T. Riou »
MASQUE = "masque"  # the last word of « [nom masqué] »
HYPHENS = ("-", "‐", "‑")

_SPACES = re.compile(r"\s+")
# Between two words of a name: on one line, within a sentence, or a line after the other; the dot of « anne.riou ».
_BETWEEN = re.compile(r"[^\n.;!?•]*|[\s,]*|[-‐‑]\s*|\.")
_ENTITY = re.compile(r"&(?:amp;)?#?\w{1,31};")
_BLANK = re.compile(r"[ \u00a0\u202f]+")
_TIED = re.compile(r"[ \u00a0\u202f()‐‑-]+")
_OPEN, _CLOSE = re.compile(r"\s*[«“\"‘'(]\s*"), re.compile(r"\s*[»”\"’')]\s*")
# Stands for nothing, or a space: tags that hold no words.
_MARKUP = re.compile(r"</?(?:b|i|u|em|strong|span|mark|small|br|p|div|li|a) ?/?>|[*_]{1,3}|\"\"|'''", re.IGNORECASE)
# The same with words in it, and the address of a link: names are looked for there too.
_TAG = re.compile(r"<[a-z][a-z0-9]{0,9}\s[^<>]{1,500}>|(?<=\])\([^()\n]{1,500}\)", re.IGNORECASE)


def without_entities(text: str) -> str:
    """« Quémener » of « Qu&eacute;mener », and of one that was escaped twice."""
    return _ENTITY.sub(lambda found: unescape(unescape(found[0])), text) if "&" in text else text


def without_markup(text: str) -> str:
    """`text` with spaces in the place of tags and signs of bold, each sign where it was."""
    return _MARKUP.sub(lambda match: " " * len(match[0]), text)


def without_tags(text: str) -> str:
    """`text` with spaces in the place of tags and addresses of links, each sign where it was."""
    return _TAG.sub(lambda match: " " * len(match[0]), text) if "<" in text or "](" in text else text


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[tuple[str, int, int], ...]:
    """(folded, start, end) of the parts of a word: « JeanneQuemener », « QUEMENERJeanne », « Quemener2 »."""
    starts = [0]
    for place, (before, char) in enumerate(pairwise(word), start=1):
        capital = char.isupper() and (before.islower() or (before.isupper() and word[place + 1 : place + 2].islower()))
        if capital or before.isdigit() != char.isdigit():
            starts.append(place)
    parts = ((fold_word(word[start:end]), start, end) for start, end in pairwise([*starts, len(word)]))
    return tuple(part for part in parts if part[0])


class MotLu(NamedTuple):
    """A word of a text, folded, and where it stands."""

    plain: str
    start: int
    end: int


class Mots:
    """The words of a text in order, those that are glued together each apart: « JeanneQuemener2 » is three.

    A word is told by its place among them.
    """

    def __init__(self, text: str):
        self.text = without_markup(text)
        self.mots = [
            MotLu(plain, found.start() + start, found.start() + end)
            for found in WORD.finditer(self.text)
            for plain, start, end in parts_of(found.group())
        ]

    def __len__(self) -> int:
        return len(self.mots)

    def __getitem__(self, place: int) -> MotLu:
        return self.mots[place]

    def gap(self, place: int) -> str:
        """What stands between a word and the next."""
        return self.text[self.mots[place].end : self.mots[place + 1].start]

    def are_close(self, place: int) -> bool:
        """Whether a word and the next may be of one name: no end of a sentence or mark of a list between."""
        if place + 1 >= len(self.mots):
            return False
        gap = self.gap(place).removeprefix("." * self._is_short(place))
        return len(_SPACES.sub(" ", gap)) <= GAP and _BETWEEN.fullmatch(gap) is not None

    def are_initials(self, first: int, last: int) -> bool:
        """Whether words are capitals with a dot behind: « J.-M. »."""
        dotted = self.text.startswith(".", self.mots[last].end)
        return dotted and all(self._is_letter(place) and self._is_capital(place) for place in range(first, last + 1))

    def is_of_a_saint(self, place: int) -> bool:
        """Whether a word is « Yves » of « Saint-Yves »."""
        return place > 0 and self.mots[place - 1].plain in SAINTS and self.gap(place - 1) in HYPHENS

    def is_calling(self, place: int) -> bool:
        """Whether a surname behind a word names somebody: a civilité, or a mask in the place of the other half."""
        mot = self.mots[place]
        if mot.plain != MASQUE:
            return mot.plain in CIVILITES
        following = place + 1 + (place + 1 < len(self.mots) and self.mots[place + 1].plain in TIES)
        beside = self.text.startswith(("] ", "]-"), mot.end)
        return beside and following < len(self.mots) and self._is_capital(following)

    def after_a_side(self, last: int) -> Iterator[int]:
        """Where the other side of a name may start, behind one that ends with the word `last`."""
        for place in range(last, min(last + ASIDES + 1, len(self.mots) - 1)):
            if place > last and (self.mots[place].plain == self.mots[last].plain or not self._is_aside(place)):
                return
            if self.are_close(place):
                yield place + 1

    def after_a_civilite(self, last: int) -> Iterator[int]:
        """Where a surname may start, behind a civilité: « Mme Riou », « M. le maire Riou », but « Mme la Maire »."""
        for place in range(last, last + ASIDES + 2):
            if not self.are_close(place):
                return
            plain = self.mots[place].plain
            if place == last or plain in FUNCTIONS:
                yield place + 1
            elif plain not in ARTICLES:
                return

    def _is_aside(self, place: int) -> bool:
        """Whether a word may stand between two sides: « Anne B. Riou », « Anne Kerbrat-Riou », « Anne (Nann) Riou ».

        « Anne-Marie Riou » and « Anne, Marie Riou » are somebody else than « Anne Riou ».
        """
        plain, before, after = self.mots[place].plain, self.gap(place - 1), self.gap(place)
        if plain in LABELS or (_OPEN.fullmatch(before) and _CLOSE.fullmatch(after)):
            return True
        if plain not in PRENOMS and (plain in PARTICLES or not self._is_capital(place)):
            return False
        before = before.removeprefix("." * self._is_short(place - 1))
        after = after.removeprefix("." * self._is_short(place))
        if self.mots[place + 1].plain in LABELS:
            after = after.removeprefix(",")  # « Anne Kerbrat, née Riou »
        return _BLANK.fullmatch(before) is not None and _TIED.fullmatch(after) is not None

    def _is_letter(self, place: int) -> bool:
        return len(self.mots[place].plain) == 1

    def _is_short(self, place: int) -> bool:
        """Whether a dot behind a word ends no sentence: « A. », « ép. », « Dr. »."""
        return self._is_letter(place) or self.mots[place].plain in CIVILITES | LABELS

    def _is_capital(self, place: int) -> bool:
        return self.text[self.mots[place].start].isupper()
