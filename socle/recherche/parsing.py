"""What a visitor typed, read alone: words, "phrases", -exclusions. Nothing else means anything and nothing is an error.

The text never reaches a database: only stems and forms do ([a-z0-9], see analyse.py), as a parameter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from socle.recherche.analyse import NUMBER, compounds, stems, tokens

# More than this is not a search: the rest of the text, further terms, the end of a phrase are not read.
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
    """One thing that a record must have, in any of several ways.

    `mots`: its stems as typed. `choix`: the ways, each a set of phrases that a record must all hold; the first is what
    was typed, the others are synonyms and other spellings. `formes`: the forms typed. `ecrit`: the text of one word.
    `phrase`: whether it was quoted, hence taken as it is.
    """

    mots: Phrase
    choix: Choix
    formes: tuple[str, ...]
    ecrit: str = ""
    phrase: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed search. `wanted`, `excluded`: tuples of stems that stand one after another, as typed: one for a word,
    more for a phrase. `termes`: what the database is asked for `wanted`.

    Known once it is understood: `poids`, what each term weighs; `comptes`, how many records of the index have each;
    `tous`, `un`, how many have all terms, and any.
    """

    wanted: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    termes: tuple[TermeCherche, ...] = field(default=(), compare=False)
    poids: tuple[int, ...] = field(default=(), compare=False)
    comptes: tuple[int, ...] = field(default=(), compare=False)
    tous: int | None = field(default=None, compare=False)
    un: int | None = field(default=None, compare=False)

    def __bool__(self):
        """False if the text asks for nothing: blank, punctuation, stop words only."""
        return bool(self.wanted or self.excluded)

    @property
    def stems(self) -> frozenset[str]:
        """All stems that results may show marked."""
        return frozenset(
            stem for terme in self.termes for choice in terme.choix for phrase in choice for stem in phrase
        )

    @property
    def unknown(self) -> set[str]:
        """The words, as typed, that are in no record at all; once it is understood."""
        return {
            terme.ecrit for terme, count in zip(self.termes, self.comptes, strict=True) if not count and terme.ecrit
        }

    def wants(self, text: str) -> bool:
        """Whether a text that stands in no index has every term, be it by a synonym."""
        return all(self.held_in(stems(text)))

    def held_in(self, words: Iterable[str]) -> list[bool]:
        """Which terms some words have, as stems, be it by a synonym."""
        words = _between_blanks(words)
        return [
            any(all(_between_blanks(phrase) in words for phrase in choice) for choice in terme.choix)
            for terme in self.termes
        ]

    def names(self, words: Phrase) -> bool:
        """Whether some words, as stems, stand side by side in what was typed, or are a synonym of it."""
        typed = _between_blanks(stem for terme in self.termes for stem in terme.mots)
        return _between_blanks(words) in typed or any((words,) in terme.choix for terme in self.termes)

    def excludes(self, text: str) -> bool:
        """Whether such a text has a word that is excluded."""
        words = _between_blanks(stems(text))
        return any(_between_blanks(phrase) in words for phrase in self.excluded)


def _between_blanks(words) -> str:
    return f" {' '.join(words)} "


def parse(text: str | None) -> Query:
    """`text` as a Query, whatever it is made of. A query of stop words only asks for nothing: all records match it."""
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
            # « état-civil » is two words here, so that it finds what « etat civil » finds, or one: « co-working ».
            wanted.update(dict.fromkeys((word,) for word in words))
            termes.update(dict.fromkeys(_termes(match["word"], found)))
        else:
            wanted[words] = None
            termes[TermeCherche(words, ((words,),), tuple(token.forme for token in found), phrase=True)] = None
    return Query(tuple(wanted)[:TERMS], tuple(excluded)[:TERMS], tuple(termes)[:TERMS])


def spans(text: str) -> list[tuple[int, int]]:
    """Bounds of what stands between blanks in `text`, without what is quoted or excluded."""
    found = _TERM.finditer(text[:TEXT_LENGTH])
    return [match.span("word") for match in found if match["word"] and not match["minus"]]


def _termes(text: str, found: list) -> list[TermeCherche]:
    """The terms of what stands between two blanks."""
    as_one = compounds(text)
    if len(found) > 1 and as_one:
        apart = tuple((token.stem,) for token in found)
        choices = (apart, *(((stem,),) for stem in as_one[:1]))
        return [TermeCherche(tuple(token.stem for token in found), choices, tuple(token.forme for token in found))]
    return [
        TermeCherche((token.stem,), (((token.stem,),),), (token.forme,), text[token.start : token.end])
        for token in found
    ]
