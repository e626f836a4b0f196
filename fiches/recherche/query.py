"""What a visitor typed, as a query on the index; and querysets that obey it.

The syntax: words, "phrases", -exclusions. Nothing else means anything and nothing is an error. The text never reaches a
database: only stems do ([a-z0-9], see analyse.py), as a parameter.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from django.db import connections, models
from django.db.models import Expression, F, Q, Value

from fiches.recherche.analyse import stems

# More than this is not a search: the rest of the text, further terms, the end of a phrase are not read.
TEXT_LENGTH = 2_000
TERMS = 30

# Ranking reads each match: above this many in the whole index, the newest records come first instead.
RANKED_MATCHES = 10_000

_TERM = re.compile(
    r"""(?P<minus>(?<![^\s(\[])[-−])?  # only at the start of a term
        (?:"(?P<straight>[^"]*)" | «(?P<french>[^»]*)» | [“„](?P<curly>[^”“]*)[”“] | (?P<word>[^\s"«»“”„]+))""",
    re.VERBOSE,
)


class Mode(Enum):
    """How many of the terms a record must have."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True)
class Query:
    """A parsed search. A term is a tuple of stems that stand one after another: one for a word, more for a phrase."""

    wanted: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()

    def __bool__(self):
        """False if the text asks for nothing: blank, punctuation, stop words only."""
        return bool(self.wanted or self.excluded)

    @property
    def stems(self) -> frozenset[str]:
        """All stems that results may show marked."""
        return frozenset(stem for term in self.wanted for stem in term)


def parse(text: str | None) -> Query:
    """`text` as a Query, whatever it is made of. A query of stop words only asks for nothing: all records match it."""
    return _parse((text or "")[:TEXT_LENGTH])


@lru_cache(maxsize=256)
def _parse(text: str) -> Query:
    wanted, excluded = {}, {}
    for match in _TERM.finditer(text):
        words = tuple(stems(match[match.lastgroup])[:TERMS])
        if not words:
            continue
        if match["minus"]:
            excluded[words] = None
        elif match["word"]:
            # « état-civil » is two words here, so that it finds what « etat civil » finds.
            wanted.update(dict.fromkeys((word,) for word in words))
        else:
            wanted[words] = None
    return Query(tuple(wanted)[:TERMS], tuple(excluded)[:TERMS])


def matching(queryset, text: str | None, mode: Mode = Mode.ALL):
    """Rows of `queryset` that match `text`, in the order they had; all if it asks for nothing. For counts and unions.

    `queryset`: of Entree or of any Fiche model, whose primary key is the entry's. One subquery, no id in Python.
    """
    return _matching(queryset, parse(text), mode)


def _matching(queryset, query, mode, many=False):
    if query.wanted:
        queryset = queryset.filter(_Matches(query.wanted, mode, many))
    if query.excluded:
        queryset = queryset.filter(~Q(_Matches(query.excluded, Mode.ANY)))
    return queryset


def mode_for(published, text: str | None) -> Mode:
    """ALL if some record of `published` has every term of `text`, else ANY. At most one cheap query.

    `published` is all that the public sees of a type (or of all types), never a list that other filters have narrowed:
    facets must count by the same mode as the list they stand beside.
    """
    query = parse(text)
    if len(query.wanted) < 2 or matching(published.order_by(), text).exists():
        return Mode.ALL
    return Mode.ANY


def by_relevance(queryset, text: str | None, mode: Mode = Mode.ALL):
    """`queryset`, already reduced to what matches, with the best first by an annotation `pertinence` in [0, 2[.

    Records that have all wanted words in title, place or themes come before all others (mode ALL). Ties and searches
    that match more than RANKED_MATCHES records, whose `pertinence` is 0: newest first. One cheap query decides that.
    The queryset is left as it is if `text` wants no word.
    """
    query = parse(text)
    return _by_relevance(queryset, query, mode, _many(queryset, query, mode))


def _by_relevance(queryset, query, mode, many):
    if not query.wanted:
        return queryset
    if many:
        return queryset.annotate(pertinence=Value(0.0)).order_by("-pk")
    return queryset.annotate(pertinence=_Relevance(query.wanted, mode)).order_by("-pertinence", "-pk")


def search(queryset, text: str | None, mode: Mode | None = None):
    """Rows of `queryset` that match `text` ("mots exacts", -sans), best first; `queryset` itself if blank.

    Without `mode`, it is decided on all published records of the model. To group or unite the result, which its order
    would disturb, take `matching`.
    """
    if mode is None:
        mode = mode_for(queryset.model._default_manager.using(queryset.db).published(), text)
    query = parse(text)
    many = _many(queryset, query, mode)
    return _by_relevance(_matching(queryset, query, mode, many), query, mode, many)


def _many(queryset, query, mode) -> bool:
    """Whether more than RANKED_MATCHES documents of the index match. Stops counting there."""
    if not query.wanted:
        return False
    connection = connections[queryset.db]
    if connection.vendor == "sqlite":
        table, condition, terms = "recherche_fts", "recherche_fts MATCH %s", _fts5(query.wanted, mode)
    else:
        table, condition, terms = "recherche_indexe", "vecteur @@ %s::tsquery", _tsquery(query.wanted, mode)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {condition} LIMIT %s) AS matches",  # noqa: S608 - constants
            [terms, RANKED_MATCHES + 1],
        )
        return cursor.fetchone()[0] > RANKED_MATCHES


def _fts5(terms, mode) -> str:
    """An FTS5 expression; its strings hold [a-z0-9] and spaces."""
    joint = " AND " if mode is Mode.ALL else " OR "
    return joint.join(f'"{" ".join(term)}"' for term in terms)


def _tsquery(terms, mode) -> str:
    """The same as the text of a tsquery, whose operands are taken as they are: no parser reads them again."""
    joint = " & " if mode is Mode.ALL else " | "
    return joint.join("(" + " <-> ".join(f"'{stem}'" for stem in term) + ")" for term in terms)


class _OnIndex(Expression):
    """Base of expressions on a row's primary key and a search: SQL of each database, with the search as parameter."""

    def __init__(self, terms, mode, output_field):
        super().__init__(output_field=output_field)
        self.terms, self.mode = terms, mode
        self.pk = F("pk")

    def get_source_expressions(self):
        return [self.pk]

    def set_source_expressions(self, expressions):
        (self.pk,) = expressions

    @property
    def identity(self):
        return (type(self), self.pk, self.terms, self.mode)


class _Matches(_OnIndex):
    """Whether the row's primary key is that of a document that has the terms.

    `many`: whether the terms are known to be common, so that the newest matches are soon met when walking back by key.
    """

    def __init__(self, terms, mode, many=False):
        super().__init__(terms, mode, models.BooleanField())
        self.many = many

    def as_sqlite(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        sql = f"{pk} IN (SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s)"  # noqa: S608 - pk is a column
        return sql, [*params, _fts5(self.terms, self.mode)]

    def as_postgresql(self, compiler, connection):
        # OFFSET 0 makes PostgreSQL find the matches first: under a LIMIT it would rather walk all rows in their order
        # and test each one's vector, which for a rare word reads them all.
        pk, params = compiler.compile(self.pk)
        fence = "" if self.many else " OFFSET 0"
        sql = f"{pk} IN (SELECT entree_id FROM recherche_indexe WHERE vecteur @@ %s::tsquery{fence})"  # noqa: S608
        return sql, [*params, _tsquery(self.terms, self.mode)]


class _Relevance(_OnIndex):
    """How well the row's document answers the terms: 1 if its head has them all, plus a rank in [0, 1[.

    Only fit for few matches (RANKED_MATCHES).
    """

    def __init__(self, terms, mode):
        super().__init__(terms, mode, models.FloatField())

    def as_sqlite(self, compiler, connection):
        # SQLite ranks all matches once, in the inner query, then finds each row's rank in that by an automatic index.
        pk, params = compiler.compile(self.pk)
        sql = f"""(
            SELECT rang.note FROM (
                SELECT rowid AS entree_id,
                    (rowid IN (SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s))
                    + 1 - 1 / (1 - bm25(recherche_fts, 10.0, 1.0)) AS note
                FROM recherche_fts WHERE recherche_fts MATCH %s LIMIT -1
            ) AS rang WHERE rang.entree_id = {pk}
        )"""  # noqa: S608 - pk is a column
        terms = _fts5(self.terms, self.mode)
        head = f"tete : ({_fts5(self.terms, Mode.ALL)})"
        return sql, [head, terms, *params]

    def as_postgresql(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        # D, C, B (text), A (title, place, themes). With ANY, three words of the text outweigh one of the title.
        weights = "{0, 0, 0.1, 1}" if self.mode is Mode.ALL else "{0, 0, 0.5, 1}"
        sql = f"""(
            SELECT (document.vecteur_tete @@ %s::tsquery)::int
                + ts_rank(%s::real[], document.vecteur, %s::tsquery, 32)
            FROM recherche_indexe AS document WHERE document.entree_id = {pk}
        )"""  # noqa: S608 - pk is a column
        return sql, [_tsquery(self.terms, Mode.ALL), weights, _tsquery(self.terms, self.mode), *params]
