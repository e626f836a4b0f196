"""Reads the sets of a list from its rows: which public records hold which value of which facet.

The facets' own expressions read the values, so sets and SQL counts agree. One query reads all rows, one more each facet
with several values per record. Later only changed records are read again. Nothing is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import F, Model
from pyroaring import BitMap

from socle.catalogue.filters import Facet
from socle.catalogue.mesures import slices

BLOCK = 5000  # rows fetched at once
MESURE = "#"  # before the field of an amount


@dataclass(frozen=True)
class Sets:
    """What the public records of a list hold; immutable, `brought` makes a new one.

    `valeurs`: {facet: {value: records that hold it}}, and {MESURE + field: {binary digit of the amount: records}}.
    """

    publiques: BitMap
    valeurs: dict[str, dict[str, BitMap]]


def read(filterset_class) -> Sets:
    return _gathered(filterset_class, None)


def brought(sets: Sets, pks: list[int], filterset_class) -> Sets:
    """The sets of a list after its records `pks` changed, came or left. Unchanged sets are shared."""
    changed, now = BitMap(pks), _gathered(filterset_class, pks)
    return Sets(
        (sets.publiques - changed) | now.publiques,
        {name: _after(sets.valeurs[name], changed, values) for name, values in now.valeurs.items()},
    )


def _after(before: dict[str, BitMap], changed: BitMap, now: dict[str, BitMap]) -> dict[str, BitMap]:
    """The sets of one facet after some records changed and hold `now`; the same object if no set differs."""
    touched = _holding(before, changed) | now.keys()
    after = {value: (before.get(value, BitMap()) - changed) | now.get(value, BitMap()) for value in touched}
    after = {value: held for value, held in after.items() if held != before.get(value)}
    if not after:
        return before
    sets = before | after
    for value in [value for value, held in after.items() if not held]:
        del sets[value]
    return sets


def _holding(values: dict[str, BitMap], records: BitMap) -> set[str]:
    if len(records) > 3:
        return {value for value, held in values.items() if held.intersect(records)}
    # One record is found in 24 500 sets in 0.6 ms; intersecting as many takes 2.1 ms.
    return {value for record in records for value, held in values.items() if record in held}


def _gathered(filterset_class, pks: list[int] | None) -> Sets:
    """What the public records `pks` hold; all records for None."""
    single, several = _columns(filterset_class)
    amounts = sorted(filterset_class.mesures())
    found = {name: defaultdict(list) for name in (*single, *several)}
    public, numbers = [], {field: {} for field in amounts}
    for rows in _blocks(filterset_class, (*single.values(), *map(F, amounts)), pks):
        keys, *columns = zip(*rows, strict=True)
        public += keys
        for name, values in zip(single, columns, strict=False):
            _add(found[name], keys, values)
        for field, values in zip(amounts, columns[len(single) :], strict=True):
            numbers[field] |= dict(zip(keys, values, strict=True))
    for name, expression in several.items():
        for rows in _blocks(filterset_class, (expression,), pks):
            _add(found[name], *zip(*rows, strict=True))
    valeurs = {name: {value: BitMap(held) for value, held in values.items()} for name, values in found.items()}
    return Sets(BitMap(public), valeurs | {f"{MESURE}{field}": slices(known) for field, known in numbers.items()})


def _add(found: dict[str, list[int]], keys: Iterable[int], values: Iterable[str | None]) -> None:
    for pk, value in zip(keys, values, strict=True):
        if value:
            found[value].append(pk)


@lru_cache
def _columns(filterset_class) -> tuple[dict, dict]:
    """({facet: expression}) for facets with one value per record, then for those with several."""
    kept = {name: one for name, one in filterset_class.base_filters.items() if isinstance(one, Facet) and one.kept}
    model = filterset_class._meta.model
    plain = {name for name, one in kept.items() if not one.choices and type(one).expression is Facet.expression}
    several = {name for name in plain if _is_several(model, kept[name].field_name)}
    return (
        {name: one.expression for name, one in kept.items() if name not in several},
        {name: kept[name].expression for name in kept if name in several},
    )


def _is_several(model: type[Model], path: str) -> bool:
    """Whether a path from a record may lead to several values."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if field.many_to_many or field.one_to_many:
            return True
        model = field.related_model
    return False


def _blocks(filterset_class, columns: tuple, pks: list[int] | None) -> Iterator[list[tuple]]:
    """[(key, value of each column), …] of the public records `pks`, or of all for None, in parts."""
    if pks is None:
        sql, params = filterset_class.public().order_by().values_list("pk", *columns).query.sql_with_params()
    elif pks:
        wanted = 1 << (len(pks) - 1).bit_length()
        sql, params = _of_some(filterset_class, columns, wanted, connection.vendor)
        params = (*params, *pks, *[pks[-1]] * (wanted - len(pks)))
    else:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while block := cursor.fetchmany(BLOCK):
            yield block


@lru_cache
def _of_some(filterset_class, columns: tuple, number: int, vendor: str) -> tuple[str, tuple]:
    """SQL for `number` keys, and its parameters without the keys, which come last.

    Kept, because making it takes longer than the query.
    """
    rows = filterset_class.public_by_key().order_by().filter(pk__in=range(1, number + 1))
    sql, params = rows.values_list("pk", *columns).query.sql_with_params()
    return sql, params[:-number]
