"""The French analyser: turns a text into stems, for the index and for queries, on both databases.

Words are found, folded (`texte.fold`: case, accents, ligatures), rid of stop words and elisions, then cut to a stem by
the French Snowball stemmer. The stemmer gets the folded word, because visitors seldom type accents: « numériques » and
"numerique" give one stem. `_regular` mends the endings that Snowball knows only by their accent.

A word is read in three ways:
- its stem finds it;
- its form (folded, singular, masculine) ranks it above words of the same family and serves to mend misspelt words;
- the parts of a word with hyphens, written as one, so that « co-working » and « coworking » find each other.

A stem holds [a-z0-9] only, starts with a letter and has at most 60 characters: the parsers of both databases read it as
one plain word. Stop words are not indexed: « droit à la santé » also finds « droits de santé ».

After a change of stems, run `manage.py reindexer`: the index and queries must agree.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import Stemmer

from socle.francais.texte import fold

STEM_LENGTH = 60

# PostgreSQL's parser splits "1e5x", a number followed by a word: no stem may start with a digit.
NUMBER_PREFIX = "zz"

# A stem of three letters confuses words, « café » and « CAF », « payé » and « pays »: the form is kept instead.
SHORT = 3

# Folded words. Left out on purpose: « été » (the season), « sans » (sans-abri), « non » (non-recours), « pas »,
# « plus », « tous », « entre », « contre », « car » (the coach), and letters that name things (catégorie C).
STOP_WORDS = frozenset(
    """
    a d j l m s t y le la les un une des de du au aux ce cet cette ces ca cela ceci celui celle ceux celles
    mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
    je tu il elle on nous vous ils elles me te se moi toi soi lui eux en
    qui que qu quoi dont ou quel quelle quels quelles lequel laquelle lesquels lesquelles
    auquel auxquels auxquelles duquel desquels desquelles comment pourquoi quand
    et ni or mais donc si comme puis lorsque puisque afin ainsi aussi alors tres ne
    dans par pour sur sous avec chez vers lors depuis pendant jusque
    est es suis sommes etes sont etre etait etaient etant soit soient sera seront serait seraient fut furent
    je cherche voudrais voudrions veux peut peux peuvent pouvez combien faut faire
    ai as ont avons avez avoir avait avaient ayant eu aura auront aurait auraient ait aient
    """.split()  # noqa: SIM905 - a list to be read
)

_APOSTROPHES = "'’‘ʼ`´′＇"
_LETTER = r"[^\W\d_ºªʼ]"
_CHARACTER = r"[^\W_ºªʼ]"
# Accents written apart, and characters that a page may hide inside a word: soft hyphen, joiners.
_INNER = "[\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff]"
# Endings of inclusive writing and how they are set off: « usager·ère·s », « élu(e)s », « médiateur.trice.s ».
_FEMININE = r"(?:e|es|s|ne|nes|le|les|ière|ières|ère|ères|iere|ieres|ere|eres|trice|trices|rice|rices|ice|ices"
_FEMININE += r"|euse|euses|se|ses|ve|ves|fe|te|tes|ale|ales|aux|x)"
_INCLUSIVE = (
    rf"(?:[·•‧∙⋅](?:{_FEMININE}|{_FEMININE.upper()})(?![^\W\d_])"
    rf"|[.](?!s\b)(?:{_FEMININE})(?=[.]s\b|\b(?![.]?\w))"
    rf"|-(?:e|es|ère|ères|trice|trices|rice|rices|euse|euses|ne|nes)(?=-s\b|\b(?![-’'\w]))"
    rf"|\((?:{_FEMININE})\))"
    rf"(?:[·•‧∙⋅.-]?[sSx](?![^\W\d_]))?"
)
# 15 000, « 15.000 » and 15000 are one number.
NUMBER = r"(?<![\d,])\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?![\d])"
# An elision (no group) or a word (group 1). « c’ » is an elision, « catégorie C » holds a word C.
_WORD = re.compile(
    rf"(?i:[cdjlmnst]|(?:jus|lors|puis|quoi|quel)?qu)[{_APOSTROPHES}]"
    rf"|({_LETTER}(?:\.{_LETTER})+(?!{_CHARACTER}|{_INNER})"  # R.S.A.
    rf"|(?i:aujourd[{_APOSTROPHES}]hui|prud[{_APOSTROPHES}]hom)(?:{_CHARACTER}|{_INNER})*"
    rf"|{NUMBER}"
    rf"|{_CHARACTER}(?:{_CHARACTER}|{_INNER})*(?:{_INCLUSIVE})*)"
)
_INCLUSIVE_END = re.compile(rf"(?<={_LETTER})(?:{_INCLUSIVE})+$")
_HYPHENS = "-‐‑"
_BETWEEN = re.compile(f"[{_HYPHENS}]")
# Tried only from the start of a word: tried from each letter, a word as long as pages would take hours.
_COMPOUND = re.compile(
    rf"(?<!{_CHARACTER}){_CHARACTER}+(?:[{_HYPHENS}]{_CHARACTER}+){{1,3}}(?![{_HYPHENS}]?{_CHARACTER})"
)

# Endings that Snowball knows by their accent or not at all, and the regular one.
_ENDINGS = (
    ("iere", "ier"),  # financière, financier
    ("gere", "ger"),  # étrangère, étranger
    ("llere", "ller"),  # conseillère, conseiller
    ("teure", "teur"),  # auteure, auteur
    ("seure", "seur"),  # professeure, professeur
    ("lleuse", "lleur"),  # travailleuse, travailleur
    ("cheuse", "cheur"),  # chercheuse, chercheur
    ("trice", "teur"),  # médiatrice, médiateur
    ("ee", "e"),  # dématérialisée, dématérialisé
)
_IRREGULAR = {"travaux": "travail"}
_INVARIABLE = frozenset("pays cours mois bois fois corps temps dos gens".split())  # noqa: SIM905 - a list to be read


class Token(NamedTuple):
    """A word that counts for the search. `start`, `end`: its bounds in the text."""

    stem: str
    start: int
    end: int
    forme: str


def tokens(text: str, first: int | None = None) -> list[Token]:
    """The words of `text` in order, without stop words and elisions."""
    found = []
    for match in _WORD.finditer(text):
        stem, forme = _read(match[1] or "")
        if stem:
            found.append(Token(stem, match.start(), match.end(), forme))
            if len(found) == first:
                break
    return found


def stems(text: str) -> list[str]:
    """The stems of `text` in order: « L’accès aux droits » → ["acce", "droit"]."""
    return [stem for word in _WORD.findall(text) if (stem := _read(word)[0])]


def compounds(text: str) -> list[str]:
    """Stems of the words with hyphens in `text`, written as one, and of each two neighbouring parts.

    « co-working-tiers » → those of « coworkingtiers », « coworking », « workingtiers ».
    """
    found = []
    for match in _COMPOUND.finditer(text):
        parts = _BETWEEN.split(match[0])
        if len(stems(match[0])) > 1:
            pairs = pairwise(parts) if len(parts) > 2 else ()
            words = ["".join(parts), *map("".join, pairs)]
            found += [stem for word in words if (stem := _read(word)[0])]
    return found


def joined(one: str, other: str) -> str:
    """The stem of two words written as one: « fab », « lab » → "fablab". "" if one word alone has it."""
    if min(len(one), len(other)) < 2:
        return ""
    stem = _read(one + other)[0]
    return "" if stem in {_read(one)[0], _read(other)[0]} else stem


def _read(word: str) -> tuple[str, str]:
    """(stem, form) of one word as written; ("", "") for a stop word."""
    return _cached_read(word) if len(word) <= STEM_LENGTH else _cached_read.__wrapped__(word)


@lru_cache(maxsize=20_000)
def _cached_read(word: str) -> tuple[str, str]:
    if not word.isalnum():
        word = _INCLUSIVE_END.sub("", word)
    # After folding: a styled capital (𝐒) becomes plain in the first step and lower case in the second.
    folded = "".join(char for char in fold(word) if char.isalnum())
    if folded in STOP_WORDS:
        return "", ""
    form = stem = "".join(char if char.isascii() else f"u{ord(char):x}" for char in folded)[:STEM_LENGTH]
    if folded.isascii() and folded.isalpha():
        form = _regular(form)
        stem = form if form in _INVARIABLE else _root(form)
    if stem[:1].isdigit():
        form = stem = NUMBER_PREFIX + stem
    return stem[:STEM_LENGTH], form[:STEM_LENGTH]


def _root(form: str) -> str:
    """What Snowball leaves of a form; the form itself if that is too short. aide, aider → aide."""
    # A new stemmer each time: threads must not share one, and making one is cheaper than its cache.
    root = Stemmer.Stemmer("french", maxCacheSize=0).stemWord(form)
    if len(root) > SHORT or len(form) <= SHORT or (root[-1] in "aeiou" and form.startswith(root)):  # élue, élu
        return root
    return form[:-1] if len(form) > 4 and form.endswith("er") else form


def _regular(word: str) -> str:
    """`word` (folded) with a regular ending: that of the singular and the masculine.

    Snowball alone keeps apart élu and élus, usager and usagers, commission and commissions, lieu and lieux.
    """
    word = _IRREGULAR.get(word, word)
    if word in _INVARIABLE:
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eu"):
        word += "x"
    if len(word) > 4:
        for ending, regular in _ENDINGS:
            if word.endswith(ending):
                return word.removesuffix(ending) + regular
    return word
