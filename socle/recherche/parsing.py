"""Parses what a visitor typed: words, "phrases", -exclusions. No other sign has a meaning, and no text is an error.

The text itself never reaches a database: only stems and forms ([a-z0-9], analyse.py) do, as parameters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from socle.recherche.analyse import NUMBER, compounds, stems, tokens

# A longer text is cut off; so are further terms, and the end of a phrase.
TEXT_LENGTH = 2_000
TERMS = 30

_TERM = re.compile(
    r"""(?P<minus>(?<![^\s(\[])[-−])?  # only at the start of a term
        (?:"(?P<straight>[^"]*)" | «(?P<french>[^»]*)» | [“„](?P<curly>[^”“]*)[”“] | (?P<word>[^\s"«»“”„]+))""",
    re.VERBOSE,
)
_SPACED = re.compile(NUMBER)

Phrase = tuple[str, ...]
Choix = tuple[tuple[Phrase, ...], ...]  # ways to have a term, each a set of phrases


class Mode(Enum):
    """How many of the terms a record must have."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True)
class TermeCherche:
    """One thing that a record must have, in one of several ways.

    `mots`: the stems as typed. `choix`: the ways, each a set of phrases that a record must all hold: first what was
    typed, then synonyms and other spellings. `formes`: the forms as typed. `ecrit`: the text of a single word.
    `phrase`: whether it was quoted; it then gets no synonyms.
    """

    mots: Phrase
    choix: Choix
    formes: tuple[str, ...]
    ecrit: str = ""
    phrase: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed search. `wanted`, `excluded`: tuples of consecutive stems as typed, one for a word, more for a phrase.

    `termes`: what the database is asked for `wanted`. `understand` (query.py) adds `poids`, the weight of each term;
    `counts`, how many records have each term; `tous` and `un`, how many have all terms and any.
    """

    wanted: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    termes: tuple[TermeCherche, ...] = field(default=(), compare=False)
    poids: tuple[int, ...] = field(default=(), compare=False)
    counts: tuple[int, ...] = field(default=(), compare=False)
    tous: int | None = field(default=None, compare=False)
    un: int | None = field(default=None, compare=False)

    def __bool__(self):
        """False for blank text, punctuation or stop words only."""
        return bool(self.wanted or self.excluded)

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(
            stem for terme in self.termes for choice in terme.choix for phrase in choice for stem in phrase
        )

    @property
    def unknown(self) -> set[str]:
        """The words, as typed, that no record has. Only after `understand`."""
        return {terme.ecrit for terme, count in zip(self.termes, self.counts, strict=True) if not count and terme.ecrit}

    def wants(self, text: str) -> bool:
        """Whether a text outside the index has every term, or a synonym."""
        return all(self.found_in(stems(text)))

    def found_in(self, words: Iterable[str]) -> list[bool]:
        """For each term, whether some stems have it, or a synonym."""
        words = _between_blanks(words)
        return [
            any(all(_between_blanks(phrase) in words for phrase in choice) for choice in terme.choix)
            for terme in self.termes
        ]

    def names(self, words: Phrase) -> bool:
        """Whether some stems stand side by side in what was typed, or are a synonym of a term."""
        typed = _between_blanks(stem for terme in self.termes for stem in terme.mots)
        return _between_blanks(words) in typed or any((words,) in terme.choix for terme in self.termes)

    def excludes(self, text: str) -> bool:
        """Whether a text outside the index has an excluded word."""
        words = _between_blanks(stems(text))
        return any(_between_blanks(phrase) in words for phrase in self.excluded)


def _between_blanks(words) -> str:
    return f" {' '.join(words)} "


def parse(text: str | None) -> Query:
    """`text` as a Query. One that asks for nothing matches all records."""
    return _parse((text or "")[:TEXT_LENGTH])


@lru_cache(maxsize=256)
def _parse(text: str) -> Query:
    wanted, excluded, termes = {}, {}, {}
    text = _SPACED.sub(lambda number: "".join(filter(str.isdigit, number[0])), text)
    for match in _TERM.finditer(text):
        found = tokens(match[match.lastgroup], TERMS)
        words = tuple(token.stem for token in found)
        if not words:
            continue
        if match["minus"]:
            excluded[words] = None
        elif match["word"]:
            # « état-civil » is two words here, to find what « etat civil » finds; « co-working » may also be one.
            wanted.update(dict.fromkeys((word,) for word in words))
            termes.update(dict.fromkeys(_termes(match["word"], found)))
        else:
            wanted[words] = None
            termes[TermeCherche(words, ((words,),), tuple(token.forme for token in found), phrase=True)] = None
    return Query(tuple(wanted)[:TERMS], tuple(excluded)[:TERMS], tuple(termes)[:TERMS])


def spans(text: str) -> list[tuple[int, int]]:
    """Bounds of the pieces between blanks in `text`, without quoted and excluded ones."""
    found = _TERM.finditer(text[:TEXT_LENGTH])
    return [match.span("word") for match in found if match["word"] and not match["minus"]]


def _termes(text: str, found: list) -> list[TermeCherche]:
    """The terms of one piece between two blanks."""
    as_one = compounds(text)
    if len(found) > 1 and as_one:
        apart = tuple((token.stem,) for token in found)
        choices = (apart, *(((stem,),) for stem in as_one[:1]))
        return [TermeCherche(tuple(token.stem for token in found), choices, tuple(token.forme for token in found))]
    return [
        TermeCherche((token.stem,), (((token.stem,),),), (token.forme,), text[token.start : token.end])
        for token in found
    ]
