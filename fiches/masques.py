"""Names, addresses and telephone numbers found in a text as people write them, and masks in their place.

A name is found whatever its capitals, accents, hyphens and spaces, given name first or last, its words glued together
(« JeanneQuemener »), and behind « Mme » its surname alone. It has two words at least: a first name alone names nobody.
"""

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import NamedTuple
from urllib.parse import unquote

from fiches.personnes import CIVILITES, NUMERO, PARTICLES, WORD, fold_word, is_name, is_word, surname, words_of
from socle.francais.texte import COURRIEL_MASQUE, masquer_courriels, may_hold_courriel

NOM_MASQUE = "[nom masqué]"
ADRESSE_MASQUEE = COURRIEL_MASQUE
TELEPHONE_MASQUE = "[numéro masqué]"
GAP = 3  # signs at most between two words of a name: « Le Goff, Anne », « Anne  Le-Goff »
GLUED = 8  # letters at least of a name written in one word: « mariam » is a first name
SEEN = 200_000  # pieces of texts remembered as no part of a name

_DIGIT = re.compile(r"[0-9]")
_PREFIX = re.compile(r"(?:(?:00)?33)?0?$")  # of a telephone number
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PIECE = re.compile(r"\S+")


# Texts as they are searched for names


class Mot(NamedTuple):
    """A word of a text, folded, and where it stands."""

    plain: str
    start: int
    end: int


def words_in(text: str, start: int = 0, end: int | None = None) -> list[Mot]:
    """The words of a part of `text`, those that are glued together each apart: « JeanneQuemener2 » is three."""
    found = []
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        start = match.start()
        found += [Mot(plain, start + first, start + last) for plain, first, last in _parts(match.group())]
    return found


@lru_cache(maxsize=20_000)
def _parts(word: str) -> tuple[tuple[str, int, int], ...]:
    """(folded, start, end) of the parts of a word: a capital behind a small letter starts one, and so does a digit."""
    starts = [0]
    for place, (before, char) in enumerate(pairwise(word), start=1):
        if (before.islower() and char.isupper()) or before.isdigit() != char.isdigit():
            starts.append(place)
    parts = ((fold_word(word[start:end]), start, end) for start, end in pairwise([*starts, len(word)]))
    return tuple(part for part in parts if part[0])


def numbers_of(text: str) -> set[str]:
    """The French telephone numbers of `text`, as their nine digits behind the 0 or +33."""
    found = set()
    for match in NUMERO.finditer(text):
        digits = "".join(_DIGIT.findall(match.group()))
        found.update(re.findall(r"(?:(?:00)?33)?0?([1-9][0-9]{8})", digits))
    return found


# What the site holds, as it may be written


class Formes(NamedTuple):
    """How what the site holds may be written: numbers, what may follow « Mme », (rarest word, how many, orders)."""

    numbers: frozenset[str] = frozenset()
    surname: tuple[str, ...] = ()
    orders: tuple[tuple[str, int, frozenset[tuple[str, ...]]], ...] = ()


@lru_cache(maxsize=50_000)
def _forms(text: str) -> Formes:
    """The forms of a name or a telephone number; none of what is neither."""
    if numbers := numbers_of(text):
        return Formes(numbers=frozenset(numbers))
    if not is_name(text):
        return Formes()
    words = tuple(mot.plain for mot in words_in(text))
    if words[0] in CIVILITES:
        return Formes(surname=surname(text))
    orders = []
    for spelt in dict.fromkeys((words, _joined_particles(words))):
        turned = frozenset(spelt[start:] + spelt[:start] for start in range(len(spelt)))
        orders.append((_rarest(spelt), len(spelt), turned))
    if sum(map(len, words)) >= GLUED:
        glued = ("".join(words[start:] + words[:start]) for start in range(len(words)))
        orders += [(word, 1, frozenset([(word,)])) for word in glued]
    return Formes(surname=surname(text), orders=tuple(orders))


NAME, SURNAME, CIVILITE = 1, 2, 4  # what a piece of a text may be a part of


class Names:
    """Names, addresses and telephone numbers, ready to be found in a text."""

    def __init__(self, texts: Iterable[str] = ()):
        # By the word of a name that fewest texts hold: how many words it has, and all orders they may stand in.
        self.orders: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        self.surnames: dict[str, set[tuple[str, ...]]] = {}  # the same for what may follow « Mme »
        self.numbers: set[str] = set()
        addresses = set()
        for text in set(texts):
            if "@" in text:
                addresses.add(text.strip())
                continue
            forms = _forms(text)
            self.numbers |= forms.numbers
            if forms.surname:
                self.surnames.setdefault(_rarest(forms.surname), set()).add(forms.surname)
            for rarest, size, orders in forms.orders:
                self.orders.setdefault(rarest, {}).setdefault(size, set()).update(orders)
        # A valid address is masked wherever it comes from; only one that was mistyped needs to be known.
        odd = sorted((text for text in addresses if masquer_courriels(text) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None
        longest = max((len(word) * size for word, sizes in self.orders.items() for size in sizes), default=0)
        self.reach = 3 * longest + 40  # signs that the rest of a name is sought in, around its rarest word
        self.plain: set[str] = set()  # pieces between blanks that are no part of any name
        self.telling: dict[str, int] = {}  # what the others may be a part of

    def is_plain(self, text: str) -> bool:
        """Whether `text` surely holds nothing to mask: most do, told in one look at their words."""
        if may_hold_courriel(text) or (self.addresses and self.addresses.search(text)):
            return False
        return not self._may_hold_name(text) and not (self.numbers and NUMERO.search(text))

    def mask(self, text: str) -> str:
        if self.is_plain(text):
            return text
        if self.addresses:
            text = self.addresses.sub(ADRESSE_MASQUEE, text)
        text = masquer_courriels(text)
        if "%" in text and _ESCAPE.search(text):
            text = _PIECE.sub(self._unescaped, text)
        text = _replaced(text, self._spans(text), NOM_MASQUE)
        return _replaced(text, self._number_spans(text), TELEPHONE_MASQUE) if self.numbers else text

    def _may_hold_name(self, text: str) -> bool:
        return bool(self._telling(text)) if self.orders or self.surnames else False

    def _telling(self, text: str) -> list[str]:
        """The pieces between blanks of `text` that may be of a name; none if they cannot make one together."""
        fresh = set(text.split()) - self.plain
        if not fresh:
            return []
        pieces = {piece: kind for piece in fresh if (kind := self._kind(piece))}
        kinds = reduce(or_, pieces.values(), 0)
        wanted = NAME | SURNAME if kinds & CIVILITE else NAME
        return [piece for piece, kind in pieces.items() if kind & wanted]

    def _kind(self, piece: str) -> int:
        """What a piece that is not known as plain may be a part of."""
        kind = self.telling.get(piece)
        if kind is None:
            kind = self._read(piece)
            if len(self.plain) + len(self.telling) < SEEN:
                if kind:
                    self.telling[piece] = kind
                else:
                    self.plain.add(piece)
        return kind

    def _read(self, piece: str) -> int:
        kind = 0
        for written in {piece, unquote(piece)} if "%" in piece else (piece,):
            words = {mot.plain for mot in words_in(written)} | set(words_of(written))
            kind |= 0 if self.orders.keys().isdisjoint(words) else NAME
            kind |= 0 if self.surnames.keys().isdisjoint(words) else SURNAME
            kind |= 0 if CIVILITES.isdisjoint(words) else CIVILITE
        return kind

    def _unescaped(self, token: re.Match) -> str:
        """A piece of an address, « Jeanne%20Qu%C3%A9mener », written out if a name stands in it."""
        text = token.group()
        if "%" not in text:
            return text
        plain = unquote(text)
        spans = self._spans(plain)
        return _replaced(plain, spans, NOM_MASQUE) if spans else text

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in `text`, in order, none in another."""
        spans: list[tuple[int, int]] = []
        for start, end in self._near(text):
            spans += self._spans_of(words_in(text, start, end))
        return _joined(spans)

    def _near(self, text: str) -> list[tuple[int, int]]:
        """The parts of `text` around the pieces that may be of a name: what else it holds need not be read."""
        parts = []
        for piece in self._telling(text):
            at = text.find(piece)
            done = 0
            while at >= 0:
                start, end = max(done, at - self.reach), min(len(text), at + len(piece) + self.reach)
                while start > done and not text[start - 1].isspace():
                    start -= 1
                while end < len(text) and not text[end].isspace():
                    end += 1
                parts.append((start, end))
                at, done = text.find(piece, max(at + 1, end - self.reach)), start
        return _joined(parts)

    def _spans_of(self, mots: list[Mot]) -> list[tuple[int, int]]:
        words = [mot.plain for mot in mots]
        spans = []
        for place, word in enumerate(words):
            for size, orders in self.orders.get(word, {}).items():
                for first in range(max(0, place - size + 1), place + 1):
                    last = first + size - 1
                    if tuple(words[first : last + 1]) in orders and _follow(mots[first : last + 1]):
                        spans.append((mots[first].start, mots[last].end))
            for name in self.surnames.get(word, ()):
                first = place - name.index(word)
                last = first + len(name) - 1
                called = first > 0 and words[first - 1] in CIVILITES and tuple(words[first : last + 1]) == name
                if called and _follow(mots[first - 1 : last + 1]):
                    spans.append((mots[first].start, mots[last].end))
        return spans

    def _number_spans(self, text: str) -> list[tuple[int, int]]:
        """Where telephone numbers that the site holds stand in `text`, whatever their spaces and prefix."""
        spans = []
        for match in NUMERO.finditer(text):
            places = [match.start() + digit.start() for digit in _DIGIT.finditer(match.group())]
            digits = "".join(text[place] for place in places)
            for first in range(len(digits) - 8):
                if digits[first : first + 9] in self.numbers:
                    prefix = _PREFIX.search(digits[max(0, first - 5) : first]).group()
                    start = places[first - len(prefix)]
                    while start and text[start - 1] in "(+":
                        start -= 1
                    spans.append((start, places[first + 8] + 1))
        return _joined(spans)


def _rarest(words: Iterable[str]) -> str:
    """The word that fewest texts hold: a long one, no common one."""
    return max(words, key=lambda word: (not is_word(word), len(word)))


def _joined_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    """« yann le goff » as « yann legoff »."""
    found: list[str] = []
    for place, word in enumerate(words):
        if place and words[place - 1] in PARTICLES:
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def _follow(mots: list[Mot]) -> bool:
    """Whether words stand close enough to be one name."""
    return all(after.start - before.end <= GAP for before, after in pairwise(mots))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _replaced(text: str, spans: list[tuple[int, int]], mask: str) -> str:
    """`text` with `mask` in the place of each span; the spans in order, none in another."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], mask]
        done = end
    return "".join([*pieces, text[done:]])
