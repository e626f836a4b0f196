"""The sets of a list, read from its rows: which of its public records hold which value of which facet.

What a record holds is read by the facets' own expressions, so that the sets say what counting in SQL would. All are
read at once, by one plain question, and one more for each facet of which a record may hold several values; then those
of the records that changed are read again. Nothing of them is stored.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import F, Model
from pyroaring import BitMap

from socle.catalogue.filters import Facet
from socle.catalogue.mesures import Mesure, hundredths

BLOCK = 5000  # rows that are taken from the database together


@dataclass(frozen=True)
class Sets:
    """What the public records of a list hold. It is never changed: `brought` makes another one.

    `valeurs`: {facet: {value: records that hold it}}; `mesures`: {field: the amounts of those of which it is known}.
    """

    publiques: BitMap
    valeurs: dict[str, dict[str, BitMap]]
    mesures: dict[str, Mesure]


def read(filterset_class) -> Sets:
    """The sets of a list, as its rows say them now."""
    return Sets(*_gathered(filterset_class, None))


def brought(sets: Sets, pks: list[int], filterset_class) -> Sets:
    """The sets of a list after these of its records changed, came or left: what did not change is shared."""
    changed = BitMap(pks)
    public, valeurs, mesures = _gathered(filterset_class, pks)
    return Sets(
        (sets.publiques - changed) | public,
        {name: _values_after(sets.valeurs.get(name, {}), changed, now) for name, now in valeurs.items()},
        {field: sets.mesures[field].after(changed, now.par_cle) for field, now in mesures.items()},
    )


def _values_after(before: dict[str, BitMap], changed: BitMap, now: dict[str, BitMap]) -> dict[str, BitMap]:
    touched = {value for value, ids in before.items() if ids.intersect(changed)} | now.keys()
    after = {}
    for value in touched:
        ids, old = now.get(value, BitMap()), before.get(value, BitMap())
        ids = (old - changed) | ids
        if ids != old:
            after[value] = ids
    if not after:
        return before
    return {value: ids for value, ids in (before | after).items() if ids}


def _gathered(filterset_class, pks: list[int] | None) -> tuple[BitMap, dict, dict[str, Mesure]]:
    """What the public records of these keys hold, all of them without any: records, values, amounts."""
    single, several = _columns(filterset_class)
    amounts = sorted(filterset_class.mesures())
    found = {name: defaultdict(list) for name in (*single, *several)}
    public, numbers, columns = [], {field: {} for field in amounts}, [found[name] for name in single]
    for pk, *row in _rows(filterset_class, (*single.values(), *map(F, amounts)), pks):
        public.append(pk)
        for held, value in zip(columns, row, strict=False):
            if value is not None:
                held[value].append(pk)
        for field, number in zip(amounts, row[len(columns) :], strict=True):
            if number and number > 0:
                numbers[field][pk] = hundredths(number)
    for name, expression in several.items():
        for pk, value in _rows(filterset_class, (expression,), pks):
            if value is not None:
                found[name][value].append(pk)
    valeurs = {name: {value: BitMap(ids) for value, ids in values.items()} for name, values in found.items()}
    return BitMap(public), valeurs, {field: Mesure(known) for field, known in numbers.items()}


@lru_cache
def _columns(filterset_class) -> tuple[dict, dict]:
    """{facet: the value that a record holds} of facets of one value a record, then of those of several."""
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


def _rows(filterset_class, columns: tuple, pks: list[int] | None) -> Iterator[tuple]:
    """(key, value of each column) of the public records of a list, of all or of those of these keys."""
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
            yield from block


@lru_cache
def _of_some(filterset_class, columns: tuple, number: int, vendor: str) -> tuple[str, tuple]:
    """SQL for the records of so many keys, and its parameters but those keys, which come last.

    Kept: making it takes longer than the database to answer.
    """
    rows = filterset_class.public_by_key().order_by().filter(pk__in=range(1, number + 1))
    sql, params = rows.values_list("pk", *columns).query.sql_with_params()
    return sql, params[:-number]
