"""A parsed search as a query on the index, and querysets that match it. Most callers need only `search`.

`parse` (parsing.py) reads the text alone. `understand` also asks the database, in one query, for synonyms, for words
that records write as one (« fab lab »), and for how many records have each term, which gives its weight.
"""

import json
from array import array
from dataclasses import replace
from itertools import pairwise
from math import log2

from django.db import connection, models
from django.db.models import Expression, F, Q, Value

from socle.recherche import synonymes
from socle.recherche.analyse import STEM_LENGTH, joined
from socle.recherche.index import whole_title
from socle.recherche.parsing import Choix, Mode, Phrase, Query, TermeCherche, parse

# Only the first terms are ranked, and tried as words written as one.
RANKED_TERMS = 8

# Ranking reads each match: above this number in the whole index, the newest records come first.
RANKED_MATCHES = 10_000
# A word in more records than this ranks only by title, place and themes: in a text, it says little.
WEIGHED_FORMS = 1_000


def understand(text: str | None) -> Query:
    """`text` as a Query with its synonyms and what the index knows of its terms. Two queries."""
    query = widened(text)
    return _survey(query) if query.wanted else query


def widened(text: str | None) -> Query:
    """`text` as a Query with its synonyms alone. One query; none if the text wants no word."""
    query = parse(text)
    return replace(query, termes=_with_synonyms(query.termes, synonymes.known())) if query.wanted else query


def _with_synonyms(termes: tuple[TermeCherche, ...], known: synonymes.Others) -> tuple[TermeCherche, ...]:
    """`termes`, with each expression that has synonyms as one term; the longest expression wins."""
    found, start = [], 0
    while start < len(termes):
        end, others = _synonyms_at(termes, start, known)
        group = termes[start:end]
        typed = tuple(phrase for terme in group for phrase in terme.choix[0])
        if others:
            choices = dict.fromkeys([typed, *(group[0].choix[1:] if len(group) == 1 else ())])
            choices |= dict.fromkeys((other,) for other in others)
            mots = tuple(mot for terme in group for mot in terme.mots)
            formes = tuple(forme for terme in group for forme in terme.formes)
            found.append(TermeCherche(mots, tuple(choices), formes, group[0].ecrit if len(group) == 1 else ""))
        else:
            found += group
        start = end
    return tuple(found)


def _synonyms_at(termes, start, known) -> tuple[int, tuple[Phrase, ...]]:
    """End of the longest expression with synonyms, and these. Without any, the next term and ()."""
    best = start + 1, ()
    mots = ()
    for end in range(start, min(len(termes), start + synonymes.LONGEST)):
        if termes[end].phrase:
            break
        mots += termes[end].mots
        if others := known.get(mots):
            best = end + 1, others
    return best


def _survey(query: Query) -> Query:
    """`query` with its counts, its words written as one and its weights. One query."""
    termes = query.termes
    as_one = [
        joined(one.ecrit, other.ecrit) if one.ecrit and other.ecrit else ""
        for one, other in pairwise(termes[:RANKED_TERMS])
    ]
    every = tuple(terme.choix for terme in termes)
    asked = [
        *(((choix,), Mode.ALL) for choix in every),
        *((every, mode) for mode in (Mode.ALL, Mode.ANY) if len(termes) > 1),
        *(((_phrase(stem),), Mode.ALL) for stem in as_one if stem),
    ]
    if connection.vendor == "sqlite":
        table, condition, language = "recherche_fts", "recherche_fts MATCH %s", _fts5
    else:
        table, condition, language = "recherche_indexe", "vecteur @@ %s::tsquery", _tsquery
    count = f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {condition} LIMIT {RANKED_MATCHES + 1}) AS m)"  # noqa: S608
    whole = f"(SELECT count(*) FROM (SELECT 1 FROM recherche_indexe LIMIT {RANKED_MATCHES + 1}) AS m)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {whole}, {', '.join([count] * len(asked))}",
            [language(*terms) for terms in asked],
        )
        total, *counts = cursor.fetchone()
    each, rest = counts[: len(termes)], counts[len(termes) :]
    (tous, un), pairs = (rest[:2], rest[2:]) if len(termes) > 1 else (each * 2, rest)
    query = replace(query, counts=tuple(each), tous=tous, un=un)
    query = _with_words_as_one(query, as_one, iter(pairs), total)
    return replace(query, poids=tuple(_weight(count, total) for count in query.counts))


def _with_words_as_one(query: Query, as_one: list[str], counts, total: int) -> Query:
    """`query` with two words as one term if some record writes them as one: « fab lab » also finds « fablab »."""
    numbers = [next(counts) if stem else 0 for stem in as_one]
    termes, each, position = [], [], 0
    while position < len(query.termes):
        terme = query.termes[position]
        if position < len(numbers) and numbers[position] and not query.termes[position + 1].phrase:
            other = query.termes[position + 1]
            both = tuple((*one, *two) for one in terme.choix for two in other.choix)
            choices = (*both, ((as_one[position],),))
            termes.append(TermeCherche((*terme.mots, *other.mots), choices, (*terme.formes, *other.formes)))
            together = min(query.counts[position], query.counts[position + 1]) + numbers[position]
            each.append(min(total, together))
            position += 2
        else:
            termes.append(terme)
            each.append(query.counts[position])
            position += 1
    if len(termes) == len(query.termes):
        return query
    # More records may now have all terms.
    return replace(query, termes=tuple(termes), counts=tuple(each), tous=max(query.tous, min(each)))


def _weight(count: int, total: int) -> int:
    """A rare term weighs more."""
    return 4 + max(0, round(4 * log2((total + 1) / (count + 1))))


def gathered(rows: str, params) -> array:
    """The keys that the SQL `rows` selects, in their order. As one text: a quarter of the cost of rows."""
    text = "group_concat(pk)" if connection.vendor == "sqlite" else "string_agg(pk::text, ',')"
    with connection.cursor() as cursor:
        cursor.execute(f"WITH rows (pk) AS ({rows}) SELECT {text} FROM rows", params)  # noqa: S608
        (found,) = cursor.fetchone()
    return array("I", json.loads(f"[{found}]") if found else ())


def documents(terms: tuple[Choix, ...], mode: Mode) -> array:
    """Keys of the documents that have all terms, or any, in no order. One query."""
    if connection.vendor == "sqlite":
        return gathered("SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s", [_fts5(terms, mode)])
    return gathered("SELECT entree_id FROM recherche_indexe WHERE vecteur @@ %s::tsquery", [_tsquery(terms, mode)])


def wanted(query: Query) -> tuple[Choix, ...]:
    """The words of a search, for `documents`."""
    return tuple(terme.choix for terme in query.termes)


def unwanted(query: Query) -> tuple[Choix, ...]:
    """The exclusions of a search, for `documents` with Mode.ANY."""
    return tuple(_phrase(*words) for words in query.excluded)


def matching(queryset, text: "str | Query | None", mode: Mode = Mode.ALL, *, many: bool = False):
    """Rows of `queryset` that match `text`, in their own order; all if it asks for nothing. For counts and unions.

    `queryset`: of Entree or of a Fiche model, which share their primary key. One subquery, no ids in Python. A str gets
    no synonyms. `many`: see `_Matches`.
    """
    query = text if isinstance(text, Query) else parse(text)
    if query.termes:
        queryset = queryset.filter(_Matches(wanted(query), mode, many))
    if query.excluded:
        queryset = queryset.filter(~Q(_Matches(unwanted(query), Mode.ANY)))
    return queryset


def mode_for(published, query: Query) -> Mode:
    """ALL if some record of `published` has every term of a search, else ANY. At most one cheap query, if understood.

    `published` is all that the public sees of a type (or of all), never a filtered list: facets and the list beside
    them must count by the same mode.
    """
    if len(query.termes) < 2:
        return Mode.ALL
    if query.tous == 0:
        return Mode.ANY
    return Mode.ALL if matching(published.order_by(), query).exists() else Mode.ANY


def by_relevance(queryset, query: Query, mode: Mode = Mode.ALL):
    """Order `queryset`, already reduced to the matches of an understood search, by an annotation `pertinence`, an int.

    The same on both databases. Ties come newest first. If more than RANKED_MATCHES match, all `pertinence` are 0.
    Without a wanted word, the queryset is returned as it is.
    """
    if not query.termes:
        return queryset
    if is_unranked(query, mode):
        return queryset.annotate(pertinence=Value(0)).order_by("-pk")
    return queryset.annotate(pertinence=_Relevance(query, mode)).order_by("-pertinence", "-pk")


def search(queryset, text: str | None, mode: Mode | None = None):
    """Rows of `queryset` that match `text` ("mots exacts", -sans), best first; `queryset` itself if blank.

    Without `mode`, all published records of the model decide. To group or unite rows, use `matching`, which has no
    order.
    """
    query = understand(text)
    if mode is None:
        mode = mode_for(queryset.model._default_manager.published(), query)
    return by_relevance(matching(queryset, query, mode, many=is_unranked(query, mode)), query, mode)


def is_unranked(query: Query, mode: Mode) -> bool:
    """Whether more than RANKED_MATCHES documents match."""
    return ((query.tous if mode is Mode.ALL else query.un) or 0) > RANKED_MATCHES


def _fts5(terms, mode, columns="tete corps") -> str:
    """An FTS5 expression; its strings hold [a-z0-9] and spaces. `terms`: for each, its ways, sets of phrases."""

    def phrase(stems):
        return f'"{" ".join(stems)}"'

    joint = " AND " if mode is Mode.ALL else " OR "
    return f"{{{columns}}} : ({joint.join(_ways(terms, phrase, ' AND ', ' OR '))})"


def _tsquery(terms, mode) -> str:
    """Like `_fts5`, as the text of a tsquery, whose words no parser reads again."""

    def phrase(stems):
        return "(" + " <-> ".join(f"'{stem}'" for stem in stems) + ")"

    return (" & " if mode is Mode.ALL else " | ").join(_ways(terms, phrase, " & ", " | "))


def _ways(terms, phrase, both, either) -> list[str]:
    return [f"({either.join(f'({both.join(map(phrase, choice))})' for choice in choices)})" for choices in terms]


class OnIndex(Expression):
    """Base of expressions on a row's primary key and a search: SQL of each database, the search as a parameter."""

    def __init__(self, output_field):
        super().__init__(output_field=output_field)
        self.pk = F("pk")

    def get_source_expressions(self):
        return [self.pk]

    def set_source_expressions(self, expressions):
        (self.pk,) = expressions


class _Matches(OnIndex):
    """Whether the row's document has the terms.

    `many`: whether the terms are known to be frequent; walking back by key then soon meets the newest matches.
    """

    def __init__(self, terms, mode, many=False):
        super().__init__(models.BooleanField())
        self.terms, self.mode, self.many = terms, mode, many

    @property
    def identity(self):
        return (type(self), self.pk, self.terms, self.mode)

    def as_sqlite(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        sql = f"{pk} IN (SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s)"  # noqa: S608 - pk is a column
        return sql, [*params, _fts5(self.terms, self.mode)]

    def as_postgresql(self, compiler, connection):
        # OFFSET 0 makes PostgreSQL find the matches first. Under a LIMIT it would walk all rows in order and test each
        # vector, which for a rare word reads them all.
        pk, params = compiler.compile(self.pk)
        fence = "" if self.many else " OFFSET 0"
        sql = f"{pk} IN (SELECT entree_id FROM recherche_indexe WHERE vecteur @@ %s::tsquery{fence})"  # noqa: S608
        return sql, [*params, _tsquery(self.terms, self.mode)]


# Points of a term, times its weight: its form in the title, in place or themes, anywhere, often; its stem in the title;
# its stem or a synonym in title, place or themes. In mode ANY, each word that is present gets most points.
TITLE_FORM, HEAD_FORM, FORM, OFTEN_FORM, TITLE_STEM, HEAD_STEM, PRESENT = 5, 4, 4, 3, 3, 2, 12
TITLE = TITLE_FORM + HEAD_FORM + FORM + TITLE_STEM + HEAD_STEM
# Two words side by side in title, place or themes; a title of exactly these words.
PAIR, WHOLE = 5, 12


def title_note(query: Query) -> int:
    """The `pertinence` of a record whose title has all the words."""
    return TITLE * sum(query.poids)


class _Relevance(OnIndex):
    """How well the row's document answers: a sum of points for its marks. Only for few matches (RANKED_MATCHES)."""

    def __init__(self, query, mode):
        super().__init__(models.IntegerField())
        self.worth = tuple(_worth(query, mode))

    @property
    def identity(self):
        return (type(self), self.pk, self.worth)

    def as_sqlite(self, compiler, connection):
        # Each set of keys is found once, then looked up for each row.
        pk, params = compiler.compile(self.pk)
        piece = f"({pk} IN (SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s)) * %s"  # noqa: S608
        marks = [_fts5(terms, Mode.ALL, column) for column, terms, _ in self.worth]
        return self._sum(pk, params, [piece] * len(marks), marks)

    def as_postgresql(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        found = f"{pk} IN (SELECT entree_id FROM recherche_indexe WHERE"  # noqa: S608
        pieces = [f"({found} {VECTORS[column]} @@ %s::tsquery))::int * %s" for column, _, _ in self.worth]
        return self._sum(pk, params, pieces, [_tsquery(terms, Mode.ALL) for _, terms, _ in self.worth])

    def _sum(self, pk, params, pieces, marks):
        values = []
        for mark, (_, _, points) in zip(marks, self.worth, strict=True):
            values += [*params, mark, points]
        length = f"COALESCE((SELECT d.longueur FROM recherche_indexe AS d WHERE d.entree_id = {pk}), 0)"  # noqa: S608 - a column
        return f"({' + '.join(pieces)} - {length})", [*values, *params]


VECTORS = {
    "tete": "vecteur_tete",
    "tete corps": "vecteur",
    "reperes": "vecteur_reperes",
    "marques": "vecteur_marques",
}


def _worth(query: Query, mode: Mode):
    """(column, terms, points) of all that ranks a document."""
    ranked = list(zip(query.termes, query.poids, query.counts, strict=True))[:RANKED_TERMS]
    for terme, weight, count in ranked:
        typed = [terme.formes]
        stems = [[stem for phrase in choice for stem in phrase] for choice in terme.choix]
        # The title counts as a part of the head.
        head = tuple(_marked("l", [[forme]]) + _marked("t", [[forme]]) for forme in terme.formes)
        yield "reperes", (_marked("t", typed),), TITLE_FORM * weight
        yield "reperes", (_marked("s", stems),), TITLE_STEM * weight
        yield "reperes", head, HEAD_FORM * weight
        yield "tete", (terme.choix,), HEAD_STEM * weight
        if count <= WEIGHED_FORMS:
            yield "marques", (_marked("m", typed),), FORM * weight
            yield "marques", (_marked("f", typed),), OFTEN_FORM * weight
        if mode is Mode.ANY:
            yield "tete corps", (terme.choix,), PRESENT * weight
    for (one, weight, _), (other, other_weight, _) in pairwise(ranked):
        yield "tete", (_phrase(one.mots[-1], other.mots[0]),), PAIR * min(weight, other_weight)
    title = whole_title([mot for terme in query.termes for mot in terme.mots])
    yield "reperes", (_phrase(title),), WHOLE * max(query.poids)


def _phrase(*stems: str) -> Choix:
    """The one way to have a term: these stems, one after another."""
    return ((stems,),)


def _marked(letter: str, sets) -> Choix:
    """Ways to have a term: a set of words each, as marks."""
    return tuple(tuple((f"{letter}{word}"[:STEM_LENGTH],) for word in words) for words in sets)
