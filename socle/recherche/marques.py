"""Which documents of the index hold a mark (index.py): what texts have in common, without reading one."""

import json
from collections.abc import Sequence

from django.db import connection
from pyroaring import BitMap

from socle.journal.cache import cached
from socle.journal.following import FICHES, Moment
from socle.recherche.analyse import STEM_LENGTH
from socle.recherche.query import VECTORS

Mark = tuple[str, str]  # a column; a letter and a form or a stem, made of [a-z0-9]
HELD = 10_000  # marks, of 2 kB at most where a thousand documents may hold one

_HOLDS = {
    "sqlite": "SELECT rowid AS pk FROM recherche_fts WHERE recherche_fts MATCH %s",
    "postgresql": "SELECT entree_id AS pk FROM recherche_indexe WHERE {vecteur} @@ %s::tsquery",
}
# PostgreSQL takes it for cheap to read rows in turn until enough hold a mark that many do; but their vectors are stored
# apart, and that took most of the time. One message, as statements on their own would be as many round trips.
_BY_INDEX = """SET LOCAL enable_seqscan = off;
{};
SET LOCAL enable_seqscan TO DEFAULT"""
_JOINED = {"sqlite": "group_concat(pk)", "postgresql": "string_agg(pk::text, ',')"}


def holding(marks: Sequence[Mark], at_most: int, at: Moment) -> list[BitMap]:
    """The documents that hold each mark, not to be changed: none for one that more than `at_most` hold.

    One query at most, of those that this process does not hold yet.
    """
    known = cached(("marques", at_most), dict, FICHES, at=at)
    found = {mark: known.get(mark) for mark in marks}
    if missing := [mark for mark, ids in found.items() if ids is None]:
        read = dict(zip(missing, _read(missing, at_most), strict=True))
        if len(known) + len(read) > HELD:
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
