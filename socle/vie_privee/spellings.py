"""How what the site holds may be written in a text: a name is two sides, given name and surname, and each its letters.

« Le Goff », « LE-GOFF » and « LeGoff » are the same letters. Half of a double surname is a side too, and so are
« Kerfloch » of « de Kerfloch » and the initials, « J.-M. ». Behind « Mme », the surname alone shows its person. A first
name alone shows nobody.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, combinations, permutations
from typing import NamedTuple
from urllib.parse import unquote

from socle.francais.texte import COURRIEL_MASQUE, mask_courriels
from socle.vie_privee.names import NUMERO, WORD, fold_word, is_name, is_word, surname, words_of
from socle.vie_privee.text_words import Mots, parts_of, without_entities, without_markup
from socle.vie_privee.words import CIVILITES, PRENOMS, TIES

_DIGIT = re.compile(r"[0-9]")
# Of a text, whose digits are looked through nine by nine: those of two numbers may stand together.
NUMEROS = re.compile(r"[0-9](?:[\s.,:·_*/()\-‐-―]{0,3}+[0-9]){8,}+")
Words = tuple[str, ...]


@lru_cache(maxsize=20_000)
def _plain(word: str) -> frozenset[str]:
    """A word and its parts, folded."""
    return frozenset([fold_word(word), *(part[0] for part in parts_of(word))])


def numbers_of(text: str) -> set[str]:
    """The French telephone numbers of `text`, as their nine digits behind the 0 or +33."""
    found = set()
    for match in NUMERO.finditer(text):
        digits = "".join(_DIGIT.findall(match.group()))
        found.update(re.findall(r"(?:(?:00)?33)?0?([1-9][0-9]{8})", digits))
    return found


class Formes(NamedTuple):
    """What the site holds, as it is looked for: numbers, or the two sides of a name, its initials and its surname."""

    numbers: frozenset[str] = frozenset()
    sides: tuple[tuple[Words, Words], ...] = ()
    initials: tuple[str, ...] = ()
    surnames: tuple[Words, ...] = ()


@lru_cache(maxsize=50_000)
def forms_of(text: str) -> Formes:
    """The forms of a name or a telephone number; none of what is neither."""
    if numbers := numbers_of(text):
        return Formes(numbers=frozenset(numbers))
    if "@" in text or not is_name(text):
        return Formes()
    words = tuple(mot.plain for mot in Mots(text))
    if not words:  # « <b>Le</b> » typed as a name holds words that are none
        return Formes()
    given, surnames = _surnames(text, words)
    if words[0] in CIVILITES:
        return Formes(surnames=surnames)
    initials = ("".join(word[0] for word in given), given[0][0]) if given else ()  # « J.-M. », « J. »
    # Nobody tells given names from surnames surely: the one may end with any word.
    sides = [(words[:end], words[end:]) for end in range(1, len(words))] + [(given, one) for one in surnames[1:]]
    return Formes(sides=tuple(sides), initials=initials, surnames=surnames)


def _surnames(text: str, words: Words) -> tuple[Words, tuple[Words, ...]]:
    """The given names of somebody, and their surname: whole, half of a double one, « Kerfloch » of « de Kerfloch »."""
    last = "".join(surname(text))
    places = (place for place in combinations(range(len(words) + 1), 2) if "".join(words[slice(*place)]) == last)
    first, end = next(places, (0, 0))
    found = [words[first:end]] if first < end else []
    for n in range(first + 1, end):
        halves = [words[first:n], words[n:end]]
        if not any(all(map(is_word, half)) for half in halves):
            found += halves
    if end - first > 1 and (words[first] in TIES or len(words[first]) == 1):
        found.append(words[first + 1 : end])
    return words[:first] + words[end:], tuple(found)


def keys_of(text: str) -> set[str]:
    """Keys of what the site holds: a text that shows it has one of them in its `keys_in`. None: it is never shown.

    A valid address has none: it is taken out of every text, held or not.
    """
    if "@" in text:
        words = words_of(text)
        return {max(words, key=len)} if words and mask_courriels(text) != COURRIEL_MASQUE else set()
    forms = forms_of(text)
    return set(forms.numbers).union(*map(_keys_of, (*forms.sides, *([one] for one in forms.surnames))))


def _keys_of(sides: Sequence[Words]) -> set[str]:
    """The words of which any text that shows these sides has one: the rarest, alone or glued to those beside it."""
    rarest = max(chain(*sides), key=lambda word: (not is_word(word), word not in PRENOMS, len(word)))
    runs = [side[first:end] for side in sides for first, end in combinations(range(len(side) + 1), 2)]
    runs += [chain(*order) for order in permutations(sides)]
    return {"".join(run) for run in map(tuple, runs) if rarest in run}


def keys_in(text: str) -> set[str]:
    """Keys of all that may be found in `text`: its words and their parts, its numbers."""
    written = {text, unquote(text), without_entities(text)}
    words = {word for one in written for word in WORD.findall(without_markup(one))}
    digits = ["".join(_DIGIT.findall(match.group())) for one in written for match in NUMEROS.finditer(one)]
    return {one[first : first + 9] for one in digits for first in range(len(one) - 8)}.union(*map(_plain, words))


def same_words(text: str) -> str:
    """What two spellings of the same words have in common: staff let both stand, or neither."""
    return "".join(words_of(text))
