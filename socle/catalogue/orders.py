"""The order of a list: the keys of its public records, updated without reading all of them again."""

from array import array

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from socle.recherche.query import gathered

SHORT = 2000  # records; a shorter order is read again as a whole
FEW = 5  # records that changed; after more, the order is read again
MARKS = 48  # records compared with one at once


def ids(queryset: QuerySet) -> array:
    """The primary keys of a queryset, in its order. One query; none if nothing can match."""
    try:
        return gathered(*queryset.values_list("pk").query.sql_with_params())
    except EmptyResultSet:
        return array("I")


def brought(order: array, pks: list[int], queryset: QuerySet, few: QuerySet) -> array:
    """The order of a queryset after the records `pks` changed, came or left.

    `few`: the same rows in the same order, made to be narrowed by keys.
    """
    if len(order) < SHORT or len(pks) > FEW:
        return ids(queryset)
    left = array("I", order)
    stood = {pk: _take_out(left, pk) for pk in pks}
    for pk, near in stood.items():
        places = _places(left, pk, near, few)
        if places is None:
            return ids(queryset)
        for place in places:
            left.insert(place, pk)
    return left


def _take_out(order: array, pk: int) -> int:
    """Remove a key and return its place, 0 without one. Bytes are searched: `index` would make an int of each key."""
    wanted, raw, at = array("I", [pk]).tobytes(), order.tobytes(), -1
    while (at := raw.find(wanted, at + 1)) >= 0 and at % order.itemsize:
        pass
    if at < 0:
        return 0
    del order[at // order.itemsize]
    return at // order.itemsize


def _places(order: array, pk: int, near: int, few: QuerySet) -> list[int] | None:
    """The place of a record as a list, [] if it left; None if the order cannot tell.

    The database compares it with its two old neighbours, then with records at even distances, nearer each time. If they
    do not stand in their old order, another record has moved, and its change comes later.
    """
    low, high = 0, len(order)
    at = [place for place in (near - 1, near) if low <= place < high]
    while True:
        marks = [order[place] for place in at]
        rows = list(ids(few.filter(pk__in=[pk, *marks])))
        if pk not in rows:
            return []
        rank = rows.index(pk)
        if rows[:rank] + rows[rank + 1 :] != marks:
            return None
        low = at[rank - 1] + 1 if rank else low
        high = at[rank] if rank < len(at) else high
        if low == high:
            return [low]
        at = list(range(low, high, -(-(high - low) // MARKS)))
