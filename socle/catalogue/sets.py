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
MANY = 500  # values of a facet: above this, sets also keep the value of each record


@dataclass(frozen=True)
class Sets:
    """What the public records of a list hold; immutable, `brought` makes a new one.

    `valeurs`: {facet: {value: records that hold it}}, and {MESURE + field: {binary digit of the amount: records}}.
    `par_fiche`: {facet with many values, one per record: the value of each record, by key, "" for none}.
    """

    publiques: BitMap
    valeurs: dict[str, dict[str, BitMap]]
    par_fiche: dict[str, list[str]]


def read(filterset_class) -> Sets:
    publiques, valeurs = _gathered(filterset_class, None)
    many = [name for name in _columns(filterset_class)[0] if len(valeurs[name]) > MANY]
    return Sets(publiques, valeurs, {name: _value_of_each(valeurs[name]) for name in many})


def brought(sets: Sets, pks: list[int], filterset_class) -> Sets:
    """The sets of a list after its records `pks` changed, came or left. Unchanged sets are shared."""
    changed, (publiques, now) = BitMap(pks), _gathered(filterset_class, pks)
    valeurs, par_fiche = {}, {}
    for name, values in now.items():
        before, of_each = sets.valeurs[name], sets.par_fiche.get(name)
        if of_each is None:
            held = {value for value, records in before.items() if records.intersect(changed)}
        else:  # to look in 24 500 sets would take a millisecond
            held = {of_each[pk] for pk in pks if pk < len(of_each)} - {""}
        valeurs[name] = _after(before, held, changed, values)
        if of_each is not None:
            par_fiche[name] = of_each if valeurs[name] is before else _each_after(of_each, pks, values)
    return Sets((sets.publiques - changed) | publiques, valeurs, par_fiche)


def _after(before: dict[str, BitMap], held: set[str], changed: BitMap, now: dict[str, BitMap]) -> dict[str, BitMap]:
    """The sets of one facet after some records changed, which had the values `held` and have `now`.

    The same object if no set differs.
    """
    touched = held | now.keys()
    after = {value: (before.get(value, BitMap()) - changed) | now.get(value, BitMap()) for value in touched}
    after = {value: held for value, held in after.items() if held != before.get(value)}
    if not after:
        return before
    sets = before | after
    for value in [value for value, held in after.items() if not held]:
        del sets[value]
    return sets


def _value_of_each(values: dict[str, BitMap]) -> list[str]:
    each = [""] * (1 + max(held.max() for held in values.values()))
    for value, held in values.items():
        for pk in held:
            each[pk] = value
    return each


def _each_after(each: list[str], pks: list[int], now: dict[str, BitMap]) -> list[str]:
    """`each` after the records `pks` changed and hold `now`."""
    after = each + [""] * (1 + max(pks) - len(each))
    for pk in pks:
        after[pk] = ""
    for value, held in now.items():
        for pk in held:
            after[pk] = value
    return after


def _gathered(filterset_class, pks: list[int] | None) -> tuple[BitMap, dict[str, dict[str, BitMap]]]:
    """The public records among `pks`, and what they hold, as in Sets; all records for None."""
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
    return BitMap(public), valeurs | {f"{MESURE}{field}": slices(known) for field, known in numbers.items()}


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
