"""How what the site holds may be written in a text: a name is two sides, given name and surname, and each its letters.

« Le Goff », « LE-GOFF » and « LeGoff » are the same letters. Half of a double surname is a side too, and so is
« Kerfloch » of « de Kerfloch ». Behind « Mme », the surname alone shows its person. A first name alone shows nobody.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations, pairwise, permutations
from typing import NamedTuple
from urllib.parse import unquote

from socle.francais.texte import COURRIEL_MASQUE, mask_courriels
from socle.vie_privee.names import NUMERO, WORD, fold_word, is_name, is_word, surname, words_of
from socle.vie_privee.words import CIVILITES, PRENOMS, TIES

CALLED = "m "  # before the key of a surname, which shows somebody behind « Mme » alone
HYPHENS = ("-", "‐", "‑")

_DIGIT = re.compile(r"[0-9]")
# Of a text, whose digits are looked through nine by nine: those of two numbers may stand together.
NUMEROS = re.compile(r"[0-9](?:[\s.,:·_*/()\-‐-―]{0,3}+[0-9]){8,}+")
# Stands for nothing, or a space: tags that hold no words.
_MARKUP = re.compile(
    r"</?(?:b|i|u|em|strong|span|mark|small|br|p|div|li) ?/?>|&(?:nbsp|#160);|[*_]{1,3}", re.IGNORECASE
)

Words = tuple[str, ...]


class MotTrouve(NamedTuple):
    """A word of a text, folded, and where it stands."""

    plain: str
    start: int
    end: int


def words_in(text: str) -> list[MotTrouve]:
    """The words of `text`, those that are glued together each apart: « JeanneQuemener2 » is three."""
    found = []
    for match in WORD.finditer(without_markup(text)):
        start = match.start()
        found += [MotTrouve(plain, start + first, start + last) for plain, first, last in _parts(match.group())]
    return found


def without_markup(text: str) -> str:
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


@lru_cache(maxsize=20_000)
def _plain(word: str) -> frozenset[str]:
    """A word and its parts, folded."""
    return frozenset([fold_word(word), *(part[0] for part in _parts(word))])


def numbers_of(text: str) -> set[str]:
    """The French telephone numbers of `text`, as their nine digits behind the 0 or +33."""
    found = set()
    for match in NUMERO.finditer(text):
        digits = "".join(_DIGIT.findall(match.group()))
        found.update(re.findall(r"(?:(?:00)?33)?0?([1-9][0-9]{8})", digits))
    return found


class Formes(NamedTuple):
    """What the site holds, as it is looked for: numbers, the two sides of a name, what shows it behind « Mme »."""

    numbers: frozenset[str] = frozenset()
    sides: tuple[tuple[Words, Words], ...] = ()
    called: tuple[Words, ...] = ()


@lru_cache(maxsize=50_000)
def forms_of(text: str) -> Formes:
    """The forms of a name or a telephone number; none of what is neither."""
    if numbers := numbers_of(text):
        return Formes(numbers=frozenset(numbers))
    if "@" in text or not is_name(text):
        return Formes()
    words = tuple(mot.plain for mot in words_in(text))
    given, surnames = _surnames(text, words)
    initial = given[0][0] if given else ""
    called = (*surnames, *((initial, *one) for one in surnames))  # « Mme A. Riou »
    if words[0] in CIVILITES:
        return Formes(called=called)
    # Nobody tells given names from surnames surely: the one may end with any word.
    sides = [(words[:end], words[end:]) for end in range(1, len(words))]
    return Formes(sides=(*sides, *((given, one) for one in surnames[1:])), called=called)


def _surnames(text: str, words: Words) -> tuple[Words, list[Words]]:
    """The given names of somebody, and their surname: whole, half of a double one, « Kerfloch » of « de Kerfloch »."""
    last, mots = "".join(surname(text)), words_in(text)
    places = (place for place in combinations(range(len(words) + 1), 2) if "".join(words[slice(*place)]) == last)
    first, end = next(places, (0, 0))
    found = [words[first:end]] if last else []
    for n in range(first + 1, end):
        if text[mots[n - 1].end : mots[n].start] in HYPHENS:
            found += [words[first:n], words[n:end]]
    if end - first > 1 and words[first] in TIES:
        found.append(words[first + 1 : end])
    return words[:first] + words[end:], found


def keys_of(text: str) -> set[str]:
    """Keys of what the site holds: a text that shows it has one of them in its `keys_in`. None: it is never shown.

    A valid address has none: it is taken out of every text, held or not.
    """
    if "@" in text:
        words = words_of(text)
        return {max(words, key=len)} if words and mask_courriels(text) != COURRIEL_MASQUE else set()
    forms = forms_of(text)
    keys = set(forms.numbers).union(*(_keys_of(sides) for sides in forms.sides))
    return keys | {f"{CALLED}{key}" for called in forms.called for key in _keys_of([called])}


def _keys_of(sides: Sequence[Words]) -> set[str]:
    """The words of which any text that shows these sides has one: the rarest, alone or glued to those beside it."""
    rarest = max(chain(*sides), key=lambda word: (not is_word(word), word not in PRENOMS, len(word)))
    runs = [side[first:end] for side in sides for first, end in combinations(range(len(side) + 1), 2)]
    runs += [chain(*order) for order in permutations(sides)]
    return {"".join(run) for run in map(tuple, runs) if rarest in run}


def keys_in(text: str) -> set[str]:
    """Keys of all that may be found in `text`: its words, those that may follow « Mme » apart, its numbers."""
    written = {*WORD.findall(without_markup(f"{text}\n{unquote(text)}" if "%" in text else text))}
    words = set().union(*map(_plain, written))
    called = set() if CIVILITES.isdisjoint(words) else {f"{CALLED}{word}" for word in words}
    digits = ["".join(_DIGIT.findall(match.group())) for match in NUMEROS.finditer(text)]
    return words | called | {one[first : first + 9] for one in digits for first in range(len(one) - 8)}


def same_words(text: str) -> str:
    """What two spellings of the same words have in common: staff let both stand, or neither."""
    return "".join(words_of(text))
