"""The order of a list: the keys of its public records, kept true without reading all of them again."""

from array import array

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from pyroaring import BitMap

from socle.recherche.query import gathered

SHORT = 2000  # records: an order of fewer is read again as a whole
FEW = 20  # records that changed: of more, too


def ids(queryset: QuerySet) -> array:
    """The primary keys of a queryset, in its order. One query, none for one that nothing can answer."""
    try:
        return gathered(*queryset.values_list("pk").query.sql_with_params())
    except EmptyResultSet:
        return array("I")


def brought(order: array, pks: list[int], queryset: QuerySet, few: QuerySet) -> array:
    """The order of a queryset after these records changed, came or left it.

    `few`: the same rows in the same order, for who narrows them by keys. The database compares each record with some
    that stand at even distances, then with those between two of these. If they do not stand as they did, a record has
    moved that is not among `pks` yet: all is read again.
    """
    changed = BitMap(pks)
    if len(order) < SHORT or len(changed) > FEW:
        return ids(queryset)
    left = _without(order, changed)
    step = int(len(left) ** 0.5)
    marks = left[::step]
    rough = ids(few.filter(pk__in=[*changed, *marks]))
    if array("I", [pk for pk in rough if pk not in changed]) != marks:
        return ids(queryset)
    parts = _parts(rough, changed)
    near = [pk for part in parts for pk in left[max(part - 1, 0) * step : part * step]]
    exact = ids(few.filter(pk__in=[*changed, *near]))
    if [pk for pk in exact if pk not in changed] != near:
        return ids(queryset)
    place = _positions(left, parts, step)
    before = 0  # how many of `left` stand before the record that is looked at
    seen, into = iter(place), []
    for pk in exact:
        if pk in changed:
            into.append((before, pk))
        else:
            before = next(seen) + 1
    for position, pk in reversed(into):
        left.insert(position, pk)
    return left


def _without(order: array, gone: BitMap) -> array:
    """A copy of the keys but those that are gone. They are found as bytes: `index` would make an int of each key."""
    left = array("I", order)
    for pk in gone:
        wanted, raw, at = array("I", [pk]).tobytes(), left.tobytes(), -1
        while (at := raw.find(wanted, at + 1)) >= 0 and at % left.itemsize:
            pass
        if at >= 0:
            del left[at // left.itemsize]
    return left


def _parts(rough: array, changed: BitMap) -> list[int]:
    """Behind which mark each changed record stands, counted from 1; 0 before the first."""
    found, mark = set(), 0
    for pk in rough:
        if pk in changed:
            found.add(mark)
        else:
            mark += 1
    return sorted(found)


def _positions(left: array, parts: list[int], step: int) -> list[int]:
    """Where the records of these parts stand."""
    return [at for part in parts for at in range(max(part - 1, 0) * step, min(part * step, len(left)))]
