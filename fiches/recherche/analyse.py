"""The one analyser of French text, for the index and for queries, on both databases.

A text becomes stems: words are found, folded (case, accents, ligatures: `fiches.texte.fold`), stripped of stop words
and elisions, then cut to their root by the French Snowball stemmer. Visitors seldom type accents, so it is the *folded*
word that is stemmed, everywhere: « numériques » and "numerique" take the same way. `_regular` mends the few endings for
which the stemmer would have needed the accent or misses a plural.

A stem is made of [a-z0-9] only, starts with a letter and has at most 60 characters, so that any parser of either
database reads it as one plain word. Stop words are not indexed: a phrase is found with any of them in between
(« droit à la santé », « droits de santé »), and a query made of nothing else asks for nothing.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from fiches.texte import fold

STEM_LENGTH = 60

# PostgreSQL's parser splits "1e5x", a number followed by a word: no stem may start with a digit.
NUMBER_PREFIX = "zz"

# Folded words. Left out on purpose: « été » (the season), « sans » (sans-abri), « non » (non-recours), « pas »,
# « plus », « tous », « entre », « contre », « car » (the coach), and single letters that name things (catégorie C).
STOP_WORDS = frozenset(
    """
    a d j l t y le la les un une des de du au aux ce cet cette ces ca cela ceci celui celle ceux celles
    mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
    je tu il elle on nous vous ils elles me te se moi toi soi lui eux en
    qui que qu quoi dont ou quel quelle quels quelles lequel laquelle lesquels lesquelles
    auquel auxquels auxquelles duquel desquels desquelles comment pourquoi quand
    et ni or mais donc si comme puis lorsque puisque afin ainsi aussi alors tres ne
    dans par pour sur sous avec chez vers lors depuis pendant jusque
    est es suis sommes etes sont etre etait etaient etant soit soient sera seront serait seraient fut furent
    ai as ont avons avez avoir avait avaient ayant eu aura auront aurait auraient ait aient
    """.split()  # noqa: SIM905 - a list to be read
)

_APOSTROPHES = "'’‘ʼ`´′＇"
_LETTER = r"[^\W\d_ºªʼ]"
_CHARACTER = r"[^\W_ºªʼ]"
# Accents written apart, and what a page may hide inside a word: soft hyphen, joiners.
_INNER = "[\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff]"
# An elision, which is no word, or else a word as group 1. « c’ » is an elision, « catégorie C » holds a word C.
_WORD = re.compile(
    rf"(?i:[cdjlmnst]|(?:jus|lors|puis|quoi|quel)?qu)[{_APOSTROPHES}]"
    rf"|({_LETTER}(?:\.{_LETTER})+(?!{_CHARACTER}|{_INNER})"  # R.S.A.
    rf"|(?i:aujourd[{_APOSTROPHES}]hui|prud[{_APOSTROPHES}]hom)(?:{_CHARACTER}|{_INNER})*"
    rf"|{_CHARACTER}(?:{_CHARACTER}|{_INNER})*)"
)

# Endings that Snowball knows by their accent, or not at all, and the ones it treats alike once written so.
_ENDINGS = (
    ("iere", "ier"),  # financière, financier
    ("gere", "ger"),  # étrangère, étranger
    ("trice", "teur"),  # médiatrice, médiateur
    ("ee", "e"),  # dématérialisée, dématérialisé
)
_IRREGULAR = {"travaux": "travail"}

_local = threading.local()


class Token(NamedTuple):
    """A word of a text that counts for the search: its stem, and where it stands in the text as written."""

    stem: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of `text` in order, without stop words and elisions."""
    for match in _WORD.finditer(text):
        if stem := _stem(match[1] or ""):
            yield Token(stem, match.start(), match.end())


def stems(text: str) -> list[str]:
    """The stems of `text` in order: « L’accès aux droits » → ["acce", "droit"]."""
    return [stem for word in _WORD.findall(text) if (stem := _stem(word))]


def _stem(word: str) -> str:
    """The stem of one word as written; empty for a stop word or if nothing is left of it."""
    return _cached_stem(word) if len(word) <= STEM_LENGTH else _cached_stem.__wrapped__(word)


@lru_cache(maxsize=20_000)
def _cached_stem(word: str) -> str:
    # Twice: a styled capital (𝐒) is plain only after the first time, hence lower case after the second.
    folded = "".join(char for char in fold(word) if char.isalnum())
    if folded in STOP_WORDS:
        return ""
    plain = "".join(char if char.isascii() else f"u{ord(char):x}" for char in folded)[:STEM_LENGTH]
    if folded.isascii() and folded.isalpha():
        plain = _stemmer().stemWord(_regular(plain))
    if plain[:1].isdigit():
        plain = NUMBER_PREFIX + plain
    return plain[:STEM_LENGTH]


def _regular(word: str) -> str:
    """`word` (folded) with the endings that the stemmer treats alike for singular and plural, masculine and feminine.

    Snowball alone keeps apart élu and élus, usager and usagers, commission and commissions, lieu and lieux.
    """
    word = _IRREGULAR.get(word, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eu"):
        word += "x"
    if len(word) > 4:
        for ending, regular in _ENDINGS:
            if word.endswith(ending):
                return word.removesuffix(ending) + regular
    return word


def _stemmer() -> Stemmer.Stemmer:
    """This thread's stemmer: one object must not serve two threads at once."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("french")
    return _local.stemmer
