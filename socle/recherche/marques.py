"""Which documents of the index hold a mark (index.py): finds what texts share without reading them."""

import json
from collections.abc import Sequence

from django.db import connection
from pyroaring import BitMap

from socle.journal.cache import cached
from socle.journal.following import FICHES, Moment
from socle.recherche.analyse import STEM_LENGTH
from socle.recherche.query import VECTORS

Mark = tuple[str, str]  # a column; a letter with a form or a stem, in [a-z0-9]
MOST_KEPT = 10_000  # marks that a process keeps, 2 kB at most each for a thousand documents

_HOLDS = {
    "sqlite": "SELECT rowid AS pk FROM recherche_fts WHERE recherche_fts MATCH %s",
    "postgresql": "SELECT entree_id AS pk FROM recherche_indexe WHERE {vecteur} @@ %s::tsquery",
}
# For a frequent mark, PostgreSQL would read rows in turn; but vectors are stored apart, and reading them took most of
# the time. One message: separate statements would be as many round trips.
_BY_INDEX = """SET LOCAL enable_seqscan = off;
{};
SET LOCAL enable_seqscan TO DEFAULT"""
_JOINED = {"sqlite": "group_concat(pk)", "postgresql": "string_agg(pk::text, ',')"}


def holding(marks: Sequence[Mark], at_most: int, at: Moment) -> list[BitMap]:
    """The documents of each mark, not to be changed; none for a mark that more than `at_most` hold.

    One query at most, for the marks that this process has not kept.
    """
    known = cached(("marques", at_most), dict, FICHES, at=at)
    found = {mark: known.get(mark) for mark in marks}
    if missing := [mark for mark, ids in found.items() if ids is None]:
        read = dict(zip(missing, _read(missing, at_most), strict=True))
        if len(known) + len(read) > MOST_KEPT:
            known.clear()
        known.update(read)
        found.update(read)
    return [found[mark] for mark in marks]


def _read(marks: list[Mark], at_most: int) -> list[BitMap]:
    vendor = connection.vendor
    parts, params = [], []
    for rank, (column, mark) in enumerate(marks):
        holders = _HOLDS[vendor].format(vecteur=VECTORS[column])
        parts.append(f"SELECT {rank}, {_JOINED[vendor]} FROM ({holders} LIMIT {at_most + 1}) AS held")  # noqa: S608
        mark = mark[:STEM_LENGTH]
        params.append(f'{column} : "{mark}"' if vendor == "sqlite" else f"'{mark}'")
    asked = " UNION ALL ".join(parts)
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(_BY_INDEX.format(asked), params)
            cursor.nextset()
        else:
            cursor.execute(asked, params)
        found = dict(cursor.fetchall())
    keys = [json.loads(f"[{found[rank] or ''}]") for rank in range(len(marks))]
    return [BitMap(ids) if len(ids) <= at_most else BitMap() for ids in keys]
