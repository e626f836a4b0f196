"""What of a text is taken out: names, addresses and telephone numbers, as people write them; masks in their place.

A name is found whatever its capitals, accents, hyphens and spaces, given name first or last, its words glued together
(« JeanneQuemener ») or in bold, an initial or a first name between them, half of a double surname or its « de »
left out, and behind « Mme » its surname alone. It has two words at least: a first name alone names nobody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from socle.francais.texte import COURRIEL_MASQUE, courriels_in, mask_courriels
from socle.vie_privee.names import NUMERO, WORD, fold_word, is_name, is_word, surname, words_of
from socle.vie_privee.words import CIVILITES, PARTICLES, PRENOMS, SAINTS, TIES

NOM_MASQUE = "[nom masqué]"
ADRESSE_MASQUEE = COURRIEL_MASQUE
TELEPHONE_MASQUE = "[numéro masqué]"
MASQUES = (NOM_MASQUE, ADRESSE_MASQUEE, TELEPHONE_MASQUE)
GAP = 3  # signs at most between two words of a name, spaces as one: « Le Goff, Anne », « Anne  Le-Goff »
GLUED = 8  # letters at least of a name written in one word: « mariam » is a first name
CALLED = "m "  # before the key of a surname, which names somebody behind « Mme » alone

_DIGIT = re.compile(r"[0-9]")
# Of a text, whose digits are looked through nine by nine: those of two numbers may stand together.
_NUMEROS = re.compile(r"[0-9](?:[\s.,:·_*/()\-‐-―]{0,3}+[0-9]){8,}+")
_PREFIX = re.compile(r"(?:(?:00)?33)?0?$")  # of a telephone number
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PIECE = re.compile(r"\S+")
_SPACES = re.compile(r"\s+")
_BETWEEN = re.compile(r"[^\n]*|[\s,]*|[-‐‑]\s*")  # two words of a name: on one line, or a line after the other
_BLANK = re.compile(r"[ \u00a0\u202f]+")
HYPHENS = ("-", "‐", "‑")
# Stands for nothing, or a space: tags that hold no words.
_MARKUP = re.compile(
    r"</?(?:b|i|u|em|strong|span|mark|small|br|p|div|li) ?/?>|&(?:nbsp|#160);|[*_]{1,3}", re.IGNORECASE
)
_CH = re.compile("c['’ʼ]h", re.IGNORECASE)


# Texts as they are searched for names


class MotTrouve(NamedTuple):
    """A word of a text, folded, and where it stands."""

    plain: str
    start: int
    end: int


def words_in(text: str) -> list[MotTrouve]:
    """The words of `text`, those that are glued together each apart: « JeanneQuemener2 » is three."""
    found = []
    for match in WORD.finditer(_without_markup(text)):
        start = match.start()
        found += [MotTrouve(plain, start + first, start + last) for plain, first, last in _parts(match.group())]
    return found


def _without_markup(text: str) -> str:
    """`text` with spaces in the place of tags and signs of bold, each sign where it was."""
    return _MARKUP.sub(lambda match: " " * len(match[0]), text)


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
    """How what the site holds may be written: numbers, what may follow « Mme », words of which any may come first."""

    numbers: frozenset[str] = frozenset()
    surname: tuple[str, ...] = ()
    spellings: tuple[tuple[str, ...], ...] = ()


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
    glued = [("".join(order),) for order in _turned(words)] if sum(map(len, words)) >= GLUED else ()
    all_ = [words, _joined_particles(words), *glued, *_shorter(text)]
    if _CH.search(text):  # « Pennanech » of « Pennanec’h »
        all_.append(tuple(words_of(_CH.sub("ch", text))))
    return Formes(surname=surname(text), spellings=tuple(dict.fromkeys(all_)))


def keys_of(text: str) -> set[str]:
    """Keys of what the site holds: a text that shows it has one of them in its `keys_in`. None: it is never shown.

    A valid address has none: it is taken out of every text, held or not.
    """
    if "@" in text:
        words = words_of(text)
        return {max(words, key=len)} if words and mask_courriels(text) != ADRESSE_MASQUEE else set()
    forms = _forms(text)
    keys = forms.numbers.union(map(_rarest, forms.spellings))
    return keys | {f"{CALLED}{_rarest(forms.surname)}"} if forms.surname else keys


def keys_in(text: str) -> set[str]:
    """Keys of all that may be found in `text`: its words, those that may follow « Mme » apart, its numbers."""
    written = unquote(text) if "%" in text else ""
    words = {mot.plain for part in (text, written) for mot in words_in(part)} | {*words_of(text), *words_of(written)}
    called = set() if CIVILITES.isdisjoint(words) else {f"{CALLED}{word}" for word in words}
    digits = ["".join(_DIGIT.findall(match.group())) for match in _NUMEROS.finditer(text)]
    return words | called | {one[first : first + 9] for one in digits for first in range(len(one) - 8)}


def same_words(text: str) -> str:
    """What two spellings of the same words have in common: staff let both stand, or neither."""
    return "".join(words_of(text))


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
        # By how many words they are, and whether they name somebody behind « Mme » alone.
        self.orders: dict[tuple[int, bool], set[tuple[str, ...]]] = defaultdict(set)
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
                self.orders[len(forms.surname), True].add(forms.surname)
            for words in forms.spellings:
                self.orders[len(words), False].update(_turned(words))
        # A valid address is masked wherever it comes from; only one that was mistyped needs to be known.
        odd = sorted((text for text in addresses if mask_courriels(text) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None
        plain = sorted((words for words in out if not numbers_of(words) and "@" not in words), key=len, reverse=True)
        self.words = re.compile("|".join(map(_as_written, plain)), re.IGNORECASE) if plain else None

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
        spans = self._spans_of(words_in(text), _without_markup(text)) if self.orders else []
        for found in self.words.finditer(text) if self.words else ():
            start = next(start for start, _ in found.regs[1:] if start >= 0) if found.lastindex else found.start()
            spans.append(Span(start, found.end(), found.start()))
        return _joined(self._but_left(text, spans))

    def _but_left(self, text: str, spans: list[Span]) -> list[Span]:
        if not self.left:
            return spans
        return [span for span in spans if same_words(text[span.told : span.end]) not in self.left]

    def _spans_of(self, mots: list[MotTrouve], text: str) -> list[Span]:
        words = [mot.plain for mot in mots]
        spans = []
        for (size, called), orders in self.orders.items():
            for first in range(called, len(words) - size + 1):
                told, end = first - called, first + size
                if called and words[told] not in CIVILITES:
                    continue
                if tuple(words[first:end]) not in orders:
                    end += 1
                    aside = range(first + 1, min(end, len(words)) - 1) if not called else ()
                    if not any(
                        (*words[first:n], *words[n + 1 : end]) in orders and _is_aside(mots, n, text) for n in aside
                    ):
                        continue
                if first and words[first - 1] in SAINTS and text[mots[first - 1].end : mots[first].start] in HYPHENS:
                    continue  # « Saint-Yves, Place de la Mairie »
                if _follow(mots[told:end], text):
                    spans.append(Span(mots[first].start, mots[end - 1].end, mots[told].start))
        return spans

    def _number_spans(self, text: str) -> list[Span]:
        """Where telephone numbers that the site holds stand in `text`, whatever their spaces and prefix."""
        spans = []
        for match in _NUMEROS.finditer(text):
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


def _rarest(words: Iterable[str]) -> str:
    """The word that fewest texts hold: a long one, no common one, no first name."""
    return max(words, key=lambda word: (not is_word(word), word not in PRENOMS, len(word)))


def _turned(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The orders that start with each of the words."""
    return [words[start:] + words[:start] for start in range(len(words))]


def _joined_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    """« yann le goff » as « yann legoff »."""
    found: list[str] = []
    for place, word in enumerate(words):
        if place and words[place - 1] in PARTICLES:
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def _shorter(text: str) -> Iterator[tuple[str, ...]]:
    """What people make of a long name: « Jean Riou » of « Jean Riou-Kerbrat », « Anne Kerfloch » of « de Kerfloch »."""
    mots, last = list(WORD.finditer(text)), surname(text)
    words = tuple(words_of(text))
    first = next((n for n in range(len(words)) if words[n : n + len(last)] == last), 0)
    end = first + len(last)
    for n in range(first + 1, end):
        if len(words) > len(last) and text[mots[n - 1].end() : mots[n].start()] in HYPHENS:
            yield words[:n] + words[end:]
            yield words[:first] + words[n:]
    if last and last[0] in TIES and is_name(short := " ".join(word for word in words if word not in PARTICLES)):
        yield tuple(words_of(short))


def _is_aside(mots: list[MotTrouve], n: int, text: str) -> bool:
    """Whether a word may stand between those of a name: « Anne B. Riou », « Anne Marie Riou ».

    « Anne-Marie Riou » and « Anne, Marie Riou » are somebody else than « Anne Riou ».
    """
    before, mot, after = mots[n - 1 : n + 2]
    initial = len(mot.plain) == 1 and mot.plain.isalpha() and text[mot.start].isupper()
    gaps = text[before.end : mot.start], text[mot.end : after.start].removeprefix("." if initial else "")
    return (initial or mot.plain in PRENOMS) and all(map(_BLANK.fullmatch, gaps))


def _follow(mots: list[MotTrouve], text: str) -> bool:
    """Whether words stand close enough in `text` to be one name: no end of a sentence or mark of a list between."""
    gaps = (text[before.end : after.start] for before, after in pairwise(mots))
    return all(len(_SPACES.sub(" ", gap)) <= GAP and _BETWEEN.fullmatch(gap) for gap in gaps)


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
