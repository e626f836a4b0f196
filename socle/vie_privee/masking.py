"""What of a text is taken out: names, addresses and telephone numbers, as people write them; masks in their place.

A text shows a name where its two sides (`spellings`) stand beside each other, in either order, or glued together; an
initial, another name or a nickname may stand between them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from socle.francais.texte import COURRIEL_MASQUE, courriels_in, mask_courriels
from socle.vie_privee.mentions import MASQUE_DE, Genre, find, past_lone_bracket
from socle.vie_privee.names import words_of
from socle.vie_privee.spellings import NUMEROS, Formes, forms_of, numbers_of, same_words
from socle.vie_privee.text_words import MASQUE, Mots, without_entities, without_markup, without_tags
from socle.vie_privee.words import CIVILITES

NOM_MASQUE, TELEPHONE_MASQUE = MASQUE_DE[Genre.PERSONNE], MASQUE_DE[Genre.TELEPHONE]
ADRESSE_MASQUEE = COURRIEL_MASQUE
MASQUES = tuple(dict.fromkeys(MASQUE_DE.values()))
GLUED = 8  # letters at least of a name written in one word: « mariam » is a first name

_DIGIT = re.compile(r"[0-9]")
_POSTAL = re.compile(r"^\d{1,4}\D.*[^\W\d_]{2}.*\d{5}", re.DOTALL)
_PREFIX = re.compile(r"(?:(?:00)?33)?0?$")  # of a telephone number
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PIECE = re.compile(r"\S+")


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

    `out`: words that were taken out of this very text, and stay out: as they were written, whatever they are, and a
    name however it is written. `left`: `same_words` of what stays in.
    """

    def __init__(self, texts: Iterable[str] = (), *, out: Iterable[str] = (), left: Iterable[str] = ()):
        # Letters of a side, of initials with a dot: those that make a name of it.
        self.beside: dict[str, set[str]] = defaultdict(set)
        self.whole: set[str] = set()  # letters that show a name by themselves
        self.called: set[str] = set()  # surnames, which show a name behind « Mme »
        self.numbers: set[str] = set()
        self.left = frozenset(left)
        out = [words for words in out if same_words(words) not in self.left]
        addresses = {text.strip() for text in (*texts, *out) if "@" in text}
        for text in {*texts, *out}:
            self._hold(forms_of(text))
        for text in out:
            self._keep_out(text)
        self.literal = re.compile("|".join(sorted(map(_as_written, out), key=len, reverse=True))) if out else None
        known = (*self.beside, *self.whole, *self.called, *((*CIVILITES, MASQUE) if self.called else ()))
        self.starts = {letters[:end] for letters in known for end in range(1, len(letters) + 1)}
        # A valid address is masked wherever it comes from; only one that was mistyped needs to be known.
        odd = sorted((one for one in addresses if mask_courriels(one) != ADRESSE_MASQUEE), key=len, reverse=True)
        self.addresses = re.compile("|".join(map(re.escape, odd)), re.IGNORECASE) if odd else None

    def _hold(self, forms: Formes) -> None:
        self.numbers |= forms.numbers
        sides = [("".join(one), "".join(other)) for one, other in forms.sides]
        self.whole.update(
            one + other for pair in sides for one, other in (pair, pair[::-1]) if len(one + other) >= GLUED
        )
        surnames = ["".join(words) for words in forms.surnames]
        self.called.update(surnames)
        sides += [(f"{one}.", other) for one in forms.initials for other in surnames]
        for one, other in sides:
            self.beside[one].add(other)
            self.beside[other].add(one)

    def _keep_out(self, text: str) -> None:
        civilite, *rest = words_of(without_markup(without_tags(text))) or [""]
        if rest and civilite in CIVILITES:
            self.called.add("".join(rest))
        elif civilite and not numbers_of(text) and "@" not in text:
            self.whole.add(civilite + "".join(rest))

    def mask(self, text: str, *, addresses: bool = True) -> str:
        return self.redact(text, addresses=addresses).text

    def redact(self, text: str, *, addresses: bool = True) -> Masquage:
        """`text` without what it may not show. `addresses`: whether anybody's e-mail address is among that."""
        found = self._redacted(without_entities(text), addresses)
        return found if found.taken else Masquage(text, [])

    def _redacted(self, text: str, addresses: bool) -> Masquage:
        taken: list[str] = []
        if self.literal:
            text = self.literal.sub(lambda found: _masked(found[0], taken), text)
        if self.addresses:
            spans = [Span(*found.span(), found.start()) for found in self.addresses.finditer(text)]
            text = _take(text, self._but_left(text, spans), taken, ADRESSE_MASQUEE)
        if addresses:
            spans = [Span(start, end, start) for start, end in courriels_in(text)]
            text = _take(text, self._but_left(text, spans), taken, ADRESSE_MASQUEE)
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
        if not self.starts:
            return []
        found = [*self._found(Mots(text))]
        if (bare := without_tags(text)) != text:
            found += self._found(Mots(bare))
        return self._but_left(text, _joined(found))

    def _found(self, mots: Mots) -> Iterator[Span]:
        for first, mot in enumerate(mots):
            if mots.is_of_a_saint(first):
                continue  # « Saint-Yves, Place de la Mairie »
            for last, letters in self._runs(mots, first):
                if letters in self.whole:
                    yield Span(mot.start, mots[last].end, mot.start)
                if others := self.beside.get(letters):
                    for start in mots.after_a_side(last):
                        if ends := self._ends(mots, start, others):
                            yield from (Span(mot.start, mots[end].end, mot.start) for end in ends.values())
                            others = others - ends.keys()  # « Anne Kerbrat née Riou » may be two that are held
                if mots.is_calling(last):
                    for start in mots.after_a_civilite(last):
                        if ends := self._ends(mots, start, self.called):
                            yield Span(mots[start].start, mots[max(ends.values())].end, mot.start)
                            break

    def _ends(self, mots: Mots, first: int, wanted: set[str]) -> dict[str, int]:
        """{letters that are wanted: place of the last word} of the words from `first` on."""
        return {letters: end for end, letters in self._runs(mots, first) if letters in wanted}

    def _runs(self, mots: Mots, first: int) -> Iterator[tuple[int, str]]:
        """(place of the last word, letters) of the words from `first` on that may be what is looked for."""
        letters = ""
        for place in range(first, len(mots)):
            letters += mots[place].plain
            if letters not in self.starts:
                return
            yield place, letters
            if mots.are_initials(first, place):
                yield place, f"{letters}."
            if not mots.are_close(place):
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
                    end = match.end() if foreign else places[first + 8] + 1
                    start = past_lone_bracket(text, start, end)
                    spans.append(Span(start, end, start))
        return self._but_left(text, _joined(spans))


def _as_written(words: str) -> str:
    """A pattern of words as they stand in a text, whatever its spaces."""
    start, end = (r"(?<!\w)" if words[0].isalnum() else ""), (r"(?!\w)" if words[-1].isalnum() else "")
    if words[0].isdecimal():  # « tel06;39;98;01;23 »
        start = r"(?<!\d)"
    return start + r"\s+".join(map(re.escape, words.split())) + end


def _masked(words: str, taken: list[str]) -> str:
    """The mask of words that staff took out, « Mme » left before a name."""
    taken.append(" ".join(words.split()))
    civilite, _, nom = words.partition(" ")
    seen = find(words)
    if "@" in words or (seen and seen[0].genre == Genre.COURRIEL):
        return ADRESSE_MASQUEE
    if _POSTAL.search(words):
        return MASQUE_DE[Genre.ADRESSE]
    if len(_DIGIT.findall(words)) >= 9 or (seen and seen[0].genre == Genre.TELEPHONE):
        return TELEPHONE_MASQUE
    return f"{civilite} {NOM_MASQUE}" if nom and words_of(civilite)[:1] in ([one] for one in CIVILITES) else NOM_MASQUE


def _joined(spans: Iterable[Span]) -> list[Span]:
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
