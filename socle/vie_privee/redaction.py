"""What of a text is taken out: names, addresses and telephone numbers, as people write them; masks in their place.

A text shows a name where its two sides (`spellings`) stand beside each other, in either order, or glued together; an
initial, another first name or a nickname may stand between them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from socle.francais.texte import COURRIEL_MASQUE, courriels_in, mask_courriels
from socle.vie_privee.names import words_of
from socle.vie_privee.spellings import (
    HYPHENS,
    NUMEROS,
    Formes,
    MotTrouve,
    forms_of,
    numbers_of,
    same_words,
    without_markup,
    words_in,
)
from socle.vie_privee.words import CIVILITES, LABELS, PRENOMS, SAINTS

NOM_MASQUE = "[nom masqué]"
ADRESSE_MASQUEE = COURRIEL_MASQUE
TELEPHONE_MASQUE = "[numéro masqué]"
MASQUES = (NOM_MASQUE, ADRESSE_MASQUEE, TELEPHONE_MASQUE)
GAP = 3  # signs at most between two words of a name, spaces as one: « Le Goff, Anne », « Anne  Le-Goff »
ASIDES = 2  # words at most between its sides: « Anne M. T. Riou »
GLUED = 8  # letters at least of a name written in one word: « mariam » is a first name

_DIGIT = re.compile(r"[0-9]")
_PREFIX = re.compile(r"(?:(?:00)?33)?0?$")  # of a telephone number
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PIECE = re.compile(r"\S+")
_SPACES = re.compile(r"\s+")
_BETWEEN = re.compile(r"[^\n]*|[\s,]*|[-‐‑]\s*")  # two words of a name: on one line, or a line after the other
_BLANK = re.compile(r"\.?[ \u00a0\u202f]+")  # behind « M. » too
_OPEN, _CLOSE = re.compile(r"\s*[«“\"‘'(]\s*"), re.compile(r"\s*[»”\"’')]\s*")


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
        self.beside: dict[str, set[str]] = defaultdict(set)  # letters of a side: those that make a name of it
        self.whole: set[str] = set()  # letters that show a name by themselves
        self.called: set[str] = set()  # behind « Mme »
        self.numbers: set[str] = set()
        self.left = frozenset(left)
        out = [words for words in out if same_words(words) not in self.left]
        addresses = {text.strip() for text in (*texts, *out) if "@" in text}
        for text in {*texts, *out}:
            self._hold(forms_of(text))
        for text in out:
            self._keep_out(text)
        known = (*self.beside, *self.whole, *self.called, *(CIVILITES if self.called else ()))
        self.starts = {letters[:end] for letters in known for end in range(1, len(letters) + 1)}
        # A valid address is masked wherever it comes from; only one that was mistyped needs to be known.
        odd = sorted((one for one in addresses if mask_courriels(one) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None

    def _hold(self, forms: Formes) -> None:
        self.numbers |= forms.numbers
        self.called.update(map("".join, forms.called))
        for sides in forms.sides:
            one, other = map("".join, sides)
            self.beside[one].add(other)
            self.beside[other].add(one)
            if len(one + other) >= GLUED:
                self.whole |= {one + other, other + one}

    def _keep_out(self, text: str) -> None:
        civilite, *rest = words_of(text)
        if rest and civilite in CIVILITES:
            self.called.add("".join(rest))
        elif not numbers_of(text) and "@" not in text:
            self.whole.add(civilite + "".join(rest))

    def mask(self, text: str, *, addresses: bool = True) -> str:
        return self.redact(text, addresses=addresses).text

    def redact(self, text: str, *, addresses: bool = True) -> Masquage:
        """`text` without what it may not show. `addresses`: whether anybody's e-mail address is among that."""
        taken: list[str] = []
        if self.addresses:
            spans = [Span(*found.span(), found.start()) for found in self.addresses.finditer(text)]
            text = _take(text, spans, taken, ADRESSE_MASQUEE)
        if addresses:
            spans = [Span(start, end, start) for start, end in courriels_in(text)]
            text = _take(text, spans, taken, ADRESSE_MASQUEE)
        if "%" in text and _ESCAPE.search(text):
            text = _PIECE.sub(lambda piece: self._unescaped(piece.group(), taken), text)
        text = _take(text, self._spans(text), taken, NOM_MASQUE)
        if self.numbers:
            text = _take(text, self._number_spans(text), taken, TELEPHONE_MASQUE)
        return Masquage(text, list(dict.fromkeys(taken)))

    def _unescaped(self, text: str, taken: list[str]) -> str:
        """A piece of an address, « Jeanne%20Qu%C3%A9mener », written out if a name stands in it."""
        if "%" not in text:
            return text
        plain = unquote(text)
        spans = self._spans(plain)
        return _take(plain, spans, taken, NOM_MASQUE) if spans else text

    def _spans(self, text: str) -> list[Span]:
        """Where names stand in `text`, in order, none in another."""
        found = self._found(words_in(text), without_markup(text)) if self.starts else ()
        return _joined(self._but_left(text, list(found)))

    def _found(self, mots: list[MotTrouve], text: str) -> Iterator[Span]:
        for first, mot in enumerate(mots):
            if first and mots[first - 1].plain in SAINTS and text[mots[first - 1].end : mot.start] in HYPHENS:
                continue  # « Saint-Yves, Place de la Mairie »
            for last, letters in self._runs(mots, first, text):
                if letters in self.whole:
                    yield Span(mot.start, mots[last].end, mot.start)
                for start in _behind(mots, last, text, asides=ASIDES) if letters in self.beside else ():
                    for end, other in self._runs(mots, start, text):
                        if other in self.beside[letters]:
                            yield Span(mot.start, mots[end].end, mot.start)
                for start in _behind(mots, last, text, asides=0) if letters in CIVILITES else ():
                    for end, other in self._runs(mots, start, text):
                        if other in self.called:
                            yield Span(mots[start].start, mots[end].end, mot.start)

    def _runs(self, mots: list[MotTrouve], first: int, text: str) -> Iterator[tuple[int, str]]:
        """(place of the last word, letters) of the words from `first` on that may be what is looked for."""
        letters = ""
        for place in range(first, len(mots)):
            letters += mots[place].plain
            if letters not in self.starts:
                return
            yield place, letters
            if place + 1 < len(mots) and not _is_close(mots, place, text):
                return

    def _but_left(self, text: str, spans: list[Span]) -> list[Span]:
        if not self.left:
            return spans
        return [span for span in spans if same_words(text[span.told : span.end]) not in self.left]

    def _number_spans(self, text: str) -> list[Span]:
        """Where telephone numbers that the site holds stand in `text`, whatever their spaces and prefix."""
        spans = []
        for match in NUMEROS.finditer(text):
            places = [match.start() + digit.start() for digit in _DIGIT.finditer(match.group())]
            digits = "".join(text[place] for place in places)
            for first in range(len(digits) - 8):
                if digits[first : first + 9] in self.numbers:
                    prefix = _PREFIX.search(digits[max(0, first - 5) : first]).group()
                    start = places[first - len(prefix)]
                    while start and text[start - 1] in "(+":
                        start -= 1
                    # A number of another country is longer: what was taken for its ninth digit is not its last.
                    foreign = text[start] == "+" and not prefix
                    spans.append(Span(start, match.end() if foreign else places[first + 8] + 1, start))
        return _joined(self._but_left(text, spans))


def _behind(mots: list[MotTrouve], last: int, text: str, *, asides: int) -> Iterator[int]:
    """Where the other side of a name may start, behind one that ends with the word `last`, past some words at most."""
    for place in range(last, min(last + asides + 1, len(mots) - 1)):
        if place > last and not _is_aside(mots, place, text):
            return
        if _is_close(mots, place, text):
            yield place + 1


def _is_aside(mots: list[MotTrouve], place: int, text: str) -> bool:
    """Whether a word may stand between two sides: « Anne B. Riou », « Anne Marie Riou », « Anne (Nann) Riou ».

    « Anne-Marie Riou » and « Anne, Marie Riou » are somebody else than « Anne Riou ».
    """
    mot = mots[place]
    before, after = text[mots[place - 1].end : mot.start], text[mot.end : mots[place + 1].start]
    if mot.plain in LABELS or (_OPEN.fullmatch(before) and _CLOSE.fullmatch(after)):
        return True
    is_initial = len(mot.plain) == 1 and text[mot.start].isupper()
    return (is_initial or mot.plain in PRENOMS) and all(map(_BLANK.fullmatch, (before, after)))


def _is_close(mots: list[MotTrouve], place: int, text: str) -> bool:
    """Whether a word and the next may be of one name: no end of a sentence or mark of a list between."""
    gap = text[mots[place].end : mots[place + 1].start]
    return len(_SPACES.sub(" ", gap)) <= GAP and _BETWEEN.fullmatch(gap) is not None


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
