"""A parsed search as a query on the index; and querysets that obey it.

`parse` (parsing.py) reads the text alone. `understand` also asks the database, in one query: which synonyms there are,
which words are written as one in the records (« fab lab »), how many records have each term, which weighs it.
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

# Ranking reads the first terms only; so do the words written as one.
RANKED_TERMS = 8

# Ranking reads each match: above this many in the whole index, the newest records come first instead.
RANKED_MATCHES = 10_000
# A word that more records than this have says little by standing in a text: it ranks by title, place and themes.
WEIGHED_FORMS = 1_000


def understand(text: str | None) -> Query:
    """`text` as a Query with its synonyms, and what the index knows of its terms. Two queries.

    Quoted words and exclusions are taken as they are typed.
    """
    query = widened(text)
    return _survey(query) if query.wanted else query


def widened(text: str | None) -> Query:
    """`text` as a Query with its synonyms, and nothing of what the index knows. One query, none if it wants no word."""
    query = parse(text)
    return replace(query, termes=_with_synonyms(query.termes, synonymes.known())) if query.wanted else query


def _with_synonyms(termes: tuple[TermeCherche, ...], known: synonymes.Others) -> tuple[TermeCherche, ...]:
    """`termes` where what has synonyms is one term: the longest expression first."""
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
    """Where the longest expression that has synonyms ends, and these; the next term and none if there is none."""
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
    """`query` with what the index knows of it. One query, of counts."""
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
    query = replace(query, comptes=tuple(each), tous=tous, un=un)
    query = _with_words_as_one(query, as_one, iter(pairs), total)
    return replace(query, poids=tuple(_weight(count, total) for count in query.comptes))


def _with_words_as_one(query: Query, as_one: list[str], counts, total: int) -> Query:
    """`query` where two words that some record writes as one are one term: « fab lab » finds « fablab » too."""
    numbers = [next(counts) if stem else 0 for stem in as_one]
    termes, comptes, position = [], [], 0
    while position < len(query.termes):
        terme = query.termes[position]
        if position < len(numbers) and numbers[position] and not query.termes[position + 1].phrase:
            other = query.termes[position + 1]
            both = tuple((*one, *two) for one in terme.choix for two in other.choix)
            choices = (*both, ((as_one[position],),))
            termes.append(TermeCherche((*terme.mots, *other.mots), choices, (*terme.formes, *other.formes)))
            together = min(query.comptes[position], query.comptes[position + 1]) + numbers[position]
            comptes.append(min(total, together))
            position += 2
        else:
            termes.append(terme)
            comptes.append(query.comptes[position])
            position += 1
    if len(termes) == len(query.termes):
        return query
    # More records may have all terms than were counted.
    return replace(query, termes=tuple(termes), comptes=tuple(comptes), tous=max(query.tous, min(comptes)))


def _weight(count: int, total: int) -> int:
    """What a term weighs that `count` of `total` records have: a rare one says more."""
    return 4 + max(0, round(4 * log2((total + 1) / (count + 1))))


def gathered(rows: str, params) -> array:
    """The keys that the SQL `rows` gives, one column, in their order: as one text, a quarter of the cost of rows."""
    text = "group_concat(pk)" if connection.vendor == "sqlite" else "string_agg(pk::text, ',')"
    with connection.cursor() as cursor:
        cursor.execute(f"WITH rows (pk) AS ({rows}) SELECT {text} FROM rows", params)  # noqa: S608
        (found,) = cursor.fetchone()
    return array("I", json.loads(f"[{found}]") if found else ())


def documents(terms: tuple[Choix, ...], mode: Mode) -> array:
    """Keys of the documents of the index that have all terms, or any, in no order. One query."""
    if connection.vendor == "sqlite":
        return gathered("SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s", [_fts5(terms, mode)])
    return gathered("SELECT entree_id FROM recherche_indexe WHERE vecteur @@ %s::tsquery", [_tsquery(terms, mode)])


def wanted(query: Query) -> tuple[Choix, ...]:
    """What `documents` is asked for the words of a search."""
    return tuple(terme.choix for terme in query.termes)


def unwanted(query: Query) -> tuple[Choix, ...]:
    """What `documents` is asked, any of it, for what a search excludes."""
    return tuple(_phrase(*words) for words in query.excluded)


def matching(queryset, text: "str | Query | None", mode: Mode = Mode.ALL, *, many: bool = False):
    """Rows of `queryset` that match `text`, in the order they had; all if it asks for nothing. For counts and unions.

    `queryset`: of Entree or of any Fiche model, whose primary key is the entry's. One subquery, no id in Python. A text
    is taken word for word, a Query that was understood with its synonyms. `many`: see `_Matches`.
    """
    query = text if isinstance(text, Query) else parse(text)
    if query.termes:
        queryset = queryset.filter(_Matches(wanted(query), mode, many))
    if query.excluded:
        queryset = queryset.filter(~Q(_Matches(unwanted(query), Mode.ANY)))
    return queryset


def mode_for(published, query: Query) -> Mode:
    """ALL if some record of `published` has every term of a search, else ANY. At most one cheap query, if understood.

    `published` is all that the public sees of a type (or of all types), never a list that other filters have narrowed:
    facets must count by the same mode as the list they stand beside.
    """
    if len(query.termes) < 2:
        return Mode.ALL
    if query.tous == 0:
        return Mode.ANY
    return Mode.ALL if matching(published.order_by(), query).exists() else Mode.ANY


def by_relevance(queryset, query: Query, mode: Mode = Mode.ALL):
    """`queryset`, already reduced to what matches a search that was understood, with the best first by an annotation
    `pertinence`, a whole number.

    The same on both databases. Ties and searches that match more than RANKED_MATCHES records, whose `pertinence` is 0:
    newest first. The queryset is left as it is if the search wants no word.
    """
    if not query.termes:
        return queryset
    if is_unranked(query, mode):
        return queryset.annotate(pertinence=Value(0)).order_by("-pk")
    return queryset.annotate(pertinence=_Relevance(query, mode)).order_by("-pertinence", "-pk")


def search(queryset, text: str | None, mode: Mode | None = None):
    """Rows of `queryset` that match `text` ("mots exacts", -sans), best first; `queryset` itself if blank.

    Without `mode`, it is decided on all published records of the model. To group or unite the result, which its order
    would disturb, take `matching`.
    """
    query = understand(text)
    if mode is None:
        mode = mode_for(queryset.model._default_manager.published(), query)
    return by_relevance(matching(queryset, query, mode, many=is_unranked(query, mode)), query, mode)


def is_unranked(query: Query, mode: Mode) -> bool:
    """Whether more than RANKED_MATCHES documents of the index match, so that the newest come first."""
    return ((query.tous if mode is Mode.ALL else query.un) or 0) > RANKED_MATCHES


def _fts5(terms, mode, columns="tete corps") -> str:
    """An FTS5 expression; its strings hold [a-z0-9] and spaces. `terms`: of each its ways, sets of phrases."""

    def phrase(stems):
        return f'"{" ".join(stems)}"'

    joint = " AND " if mode is Mode.ALL else " OR "
    return f"{{{columns}}} : ({joint.join(_ways(terms, phrase, ' AND ', ' OR '))})"


def _tsquery(terms, mode) -> str:
    """The same as the text of a tsquery, whose operands are taken as they are: no parser reads them again."""

    def phrase(stems):
        return "(" + " <-> ".join(f"'{stem}'" for stem in stems) + ")"

    return (" & " if mode is Mode.ALL else " | ").join(_ways(terms, phrase, " & ", " | "))


def _ways(terms, phrase, both, either) -> list[str]:
    return [f"({either.join(f'({both.join(map(phrase, choice))})' for choice in choices)})" for choices in terms]


class OnIndex(Expression):
    """Base of expressions on a row's primary key and a search: SQL of each database, with the search as parameter."""

    def __init__(self, output_field):
        super().__init__(output_field=output_field)
        self.pk = F("pk")

    def get_source_expressions(self):
        return [self.pk]

    def set_source_expressions(self, expressions):
        (self.pk,) = expressions


class _Matches(OnIndex):
    """Whether the row's primary key is that of a document that has the terms.

    `many`: whether the terms are known to be common, so that the newest matches are soon met when walking back by key.
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
        # OFFSET 0 makes PostgreSQL find the matches first: under a LIMIT it would rather walk all rows in their order
        # and test each one's vector, which for a rare word reads them all.
        pk, params = compiler.compile(self.pk)
        fence = "" if self.many else " OFFSET 0"
        sql = f"{pk} IN (SELECT entree_id FROM recherche_indexe WHERE vecteur @@ %s::tsquery{fence})"  # noqa: S608
        return sql, [*params, _tsquery(self.terms, self.mode)]


# What a term is worth, times its weight: the form as typed in the title, in place or themes, anywhere, often; the stem,
# or a synonym, in the title, in place or themes. With any word enough, having one more word is worth most.
TITLE_FORM, HEAD_FORM, FORM, OFTEN_FORM, TITLE_STEM, HEAD_STEM, PRESENT = 5, 4, 4, 3, 3, 2, 12
TITLE = TITLE_FORM + HEAD_FORM + FORM + TITLE_STEM + HEAD_STEM
# Two words side by side in title, place or themes; a title made of the words and nothing else.
PAIR, WHOLE = 5, 12


def title_note(query: Query) -> int:
    """What the note of a record is (`by_relevance`) whose title has all the words."""
    return TITLE * sum(query.poids)


class _Relevance(OnIndex):
    """How well the row's document answers the query, as a whole number made of the same marks on both databases.

    Only fit for few matches (RANKED_MATCHES).
    """

    def __init__(self, query, mode):
        super().__init__(models.IntegerField())
        self.worth = tuple(_worth(query, mode))

    @property
    def identity(self):
        return (type(self), self.pk, self.worth)

    def as_sqlite(self, compiler, connection):
        # Each set of keys is found once, then looked into for each row.
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
    ranked = list(zip(query.termes, query.poids, query.comptes, strict=True))[:RANKED_TERMS]
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
    """One way to have a term: these stems one after another."""
    return ((stems,),)


def _marked(letter: str, sets) -> Choix:
    """Ways to have a term: one of these sets of words, each with its mark."""
    return tuple(tuple((f"{letter}{word}"[:STEM_LENGTH],) for word in words) for words in sets)
