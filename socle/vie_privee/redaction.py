"""What of a text is taken out: names, addresses and telephone numbers, as people write them; masks in their place.

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

from socle.francais.texte import COURRIEL_MASQUE, courriels_in, mask_courriels, may_hold_courriel
from socle.vie_privee.names import NUMERO, WORD, fold_word, is_name, is_word, surname, words_of
from socle.vie_privee.words import CIVILITES, PARTICLES

NOM_MASQUE = "[nom masqué]"
ADRESSE_MASQUEE = COURRIEL_MASQUE
TELEPHONE_MASQUE = "[numéro masqué]"
MASQUES = (NOM_MASQUE, ADRESSE_MASQUEE, TELEPHONE_MASQUE)
GAP = 3  # signs at most between two words of a name: « Le Goff, Anne », « Anne  Le-Goff »
GLUED = 8  # letters at least of a name written in one word: « mariam » is a first name
SEEN = 200_000  # pieces of texts remembered as no part of a name
CALLED = "m "  # before the key of a surname, which names somebody behind « Mme » alone

_DIGIT = re.compile(r"[0-9]")
_PREFIX = re.compile(r"(?:(?:00)?33)?0?$")  # of a telephone number
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PIECE = re.compile(r"\S+")


# Texts as they are searched for names


class MotTrouve(NamedTuple):
    """A word of a text, folded, and where it stands."""

    plain: str
    start: int
    end: int


def words_in(text: str, start: int = 0, end: int | None = None) -> list[MotTrouve]:
    """The words of a part of `text`, those that are glued together each apart: « JeanneQuemener2 » is three."""
    found = []
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        start = match.start()
        found += [MotTrouve(plain, start + first, start + last) for plain, first, last in _parts(match.group())]
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


def keys_of(text: str) -> set[str]:
    """Keys of what the site holds: a text that shows it has one of them in its `keys_in`. None: it is never shown.

    A valid address has none: it is taken out of every text, held or not.
    """
    if "@" in text:
        words = words_of(text)
        return {max(words, key=len)} if words and mask_courriels(text) != ADRESSE_MASQUEE else set()
    forms = _forms(text)
    keys = set(forms.numbers) | {rarest for rarest, _, _ in forms.orders}
    return keys | {f"{CALLED}{_rarest(forms.surname)}"} if forms.surname else keys


def keys_in(text: str) -> set[str]:
    """Keys of all that may be found in `text`: its words, those that may follow « Mme » apart, its numbers."""
    written = unquote(text) if "%" in text else ""
    words = {mot.plain for part in (text, written) for mot in words_in(part)} | {*words_of(text), *words_of(written)}
    called = set() if CIVILITES.isdisjoint(words) else {f"{CALLED}{word}" for word in words}
    digits = ["".join(_DIGIT.findall(match.group())) for match in NUMERO.finditer(text)]
    return words | called | {one[first : first + 9] for one in digits for first in range(len(one) - 8)}


def same_words(text: str) -> str:
    """What two spellings of the same words have in common: staff let both stand, or neither."""
    return "".join(words_of(text))


NAME, SURNAME, CIVILITE = 1, 2, 4  # what a piece of a text may be a part of


class Span(NamedTuple):
    """A part of a text that is taken out. `told`: where the words that tell of it start, « Mme » included."""

    start: int
    end: int
    told: int


class Masquage(NamedTuple):
    """A text as the public may read it, and the words that were taken out of it, as written, in no order."""

    text: str
    taken: list[str]


class Names:
    """Names, addresses and telephone numbers, ready to be found in a text.

    `out`: words that were taken out of this very text before, and stay out. `left`: `same_words` of what stays in.
    """

    def __init__(self, texts: Iterable[str] = (), *, out: Iterable[str] = (), left: Iterable[str] = ()):
        # By the word of a name that fewest texts hold: how many words it has, and all orders they may stand in.
        self.orders: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        self.surnames: dict[str, set[tuple[str, ...]]] = {}  # the same for what may follow « Mme »
        self.numbers: set[str] = set()
        self.left = frozenset(left)
        out = {words for words in out if same_words(words) not in self.left}
        addresses = set()
        for text in {*texts, *out}:
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
        odd = sorted((text for text in addresses if mask_courriels(text) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None
        plain = sorted((words for words in out if not numbers_of(words) and "@" not in words), key=len, reverse=True)
        self.words = re.compile("|".join(map(_as_written, plain)), re.IGNORECASE) if plain else None
        longest = max((len(word) * size for word, sizes in self.orders.items() for size in sizes), default=0)
        self.reach = 3 * longest + 40  # signs that the rest of a name is sought in, around its rarest word
        self.plain: set[str] = set()  # pieces between blanks that are no part of any name
        self.telling: dict[str, int] = {}  # what the others may be a part of

    def is_plain(self, text: str) -> bool:
        """Whether `text` surely holds nothing to mask: most do, told in one look at their words."""
        if may_hold_courriel(text) or (self.addresses and self.addresses.search(text)):
            return False
        if self.words and ("%" in text or self.words.search(text)):
            return False
        return not self._may_hold_name(text) and not (self.numbers and NUMERO.search(text))

    def mask(self, text: str, *, addresses: bool = True) -> str:
        return self.redact(text, addresses=addresses).text

    def redact(self, text: str, *, addresses: bool = True) -> Masquage:
        """`text` without what it may not show. `addresses`: whether anybody's e-mail address is among that."""
        if not text or self.is_plain(text):
            return Masquage(text, [])
        taken: list[str] = []
        if self.addresses:
            text = _take(
                text,
                [Span(*found.span(), found.start()) for found in self.addresses.finditer(text)],
                taken,
                ADRESSE_MASQUEE,
            )
        if addresses:
            spans = [Span(start, end, start) for start, end in courriels_in(text)]
            text = _take(text, spans, taken, ADRESSE_MASQUEE)
        if "%" in text and _ESCAPE.search(text):
            text = _PIECE.sub(lambda piece: self._unescaped(piece.group(), taken), text)
        text = _take(text, self._spans(text), taken, NOM_MASQUE)
        if self.numbers:
            text = _take(text, self._number_spans(text), taken, TELEPHONE_MASQUE)
        return Masquage(text, list(dict.fromkeys(taken)))

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

    def _unescaped(self, text: str, taken: list[str]) -> str:
        """A piece of an address, « Jeanne%20Qu%C3%A9mener », written out if a name stands in it."""
        if "%" not in text:
            return text
        plain = unquote(text)
        spans = self._spans(plain)
        return _take(plain, spans, taken, NOM_MASQUE) if spans else text

    def _spans(self, text: str) -> list[Span]:
        """Where names stand in `text`, in order, none in another."""
        spans: list[Span] = []
        for start, end in self._near(text):
            spans += self._spans_of(words_in(text, start, end))
        for found in self.words.finditer(text) if self.words else ():
            start = next(start for start, _ in found.regs[1:] if start >= 0) if found.lastindex else found.start()
            spans.append(Span(start, found.end(), found.start()))
        return _joined(self._but_left(text, spans))

    def _but_left(self, text: str, spans: list[Span]) -> list[Span]:
        if not self.left:
            return spans
        return [span for span in spans if same_words(text[span.told : span.end]) not in self.left]

    def _near(self, text: str) -> Iterable[tuple[int, int]]:
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
                parts.append(Span(start, end, start))
                at, done = text.find(piece, max(at + 1, end - self.reach)), start
        return [(part.start, part.end) for part in _joined(parts)]

    def _spans_of(self, mots: list[MotTrouve]) -> list[Span]:
        words = [mot.plain for mot in mots]
        spans = []
        for place, word in enumerate(words):
            for size, orders in self.orders.get(word, {}).items():
                for first in range(max(0, place - size + 1), place + 1):
                    last = first + size - 1
                    if tuple(words[first : last + 1]) in orders and _follow(mots[first : last + 1]):
                        spans.append(Span(mots[first].start, mots[last].end, mots[first].start))
            for name in self.surnames.get(word, ()):
                first = place - name.index(word)
                last = first + len(name) - 1
                called = first > 0 and words[first - 1] in CIVILITES and tuple(words[first : last + 1]) == name
                if called and _follow(mots[first - 1 : last + 1]):
                    spans.append(Span(mots[first].start, mots[last].end, mots[first - 1].start))
        return spans

    def _number_spans(self, text: str) -> list[Span]:
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
                    spans.append(Span(start, places[first + 8] + 1, start))
        return _joined(self._but_left(text, spans))


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


def _follow(mots: list[MotTrouve]) -> bool:
    """Whether words stand close enough to be one name."""
    return all(after.start - before.end <= GAP for before, after in pairwise(mots))


def _as_written(words: str) -> str:
    """A pattern of words that were taken out, as they were written; behind « Mme », what follows is its group."""
    civilite, _, rest = words.partition(" ")
    if rest and fold_word(civilite) in CIVILITES:
        return rf"(?<!\w){re.escape(civilite)}\W{{1,{GAP}}}({_spaced(rest)})(?!\w)"
    return rf"(?<!\w){_spaced(words)}(?!\w)"


def _spaced(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))


def _joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            last = result[-1]
            result[-1] = Span(last.start, max(span.end, last.end), min(span.told, last.told))
        else:
            result.append(span)
    return result


def _take(text: str, spans: list[Span], taken: list[str], mask: str) -> str:
    """`text` with `mask` in the place of each span, whose words go to `taken`. Spans: in order, none in another."""
    pieces, done = [], 0
    for start, end, told in spans:
        taken.append(" ".join(text[told:end].split()))
        pieces += [text[done:start], mask]
        done = end
    return "".join([*pieces, text[done:]])
