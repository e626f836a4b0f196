"""The order of a list: the keys of its public records, kept true without reading all of them again."""

from array import array

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from socle.recherche.query import gathered

SHORT = 2000  # records: an order of fewer is read again as a whole
FEW = 5  # records that changed: of more, too
MARKS = 48  # records that one is compared with at once


def ids(queryset: QuerySet) -> array:
    """The primary keys of a queryset, in its order. One query, none for one that nothing can answer."""
    try:
        return gathered(*queryset.values_list("pk").query.sql_with_params())
    except EmptyResultSet:
        return array("I")


def brought(order: array, pks: list[int], queryset: QuerySet, few: QuerySet) -> array:
    """The order of a queryset after these records changed, came or left it.

    `few`: the same rows in the same order, for who narrows them by keys.
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
    """Take a key out; where it stood, 0 if nowhere. It is found as bytes: `index` would make an int of each key."""
    wanted, raw, at = array("I", [pk]).tobytes(), order.tobytes(), -1
    while (at := raw.find(wanted, at + 1)) >= 0 and at % order.itemsize:
        pass
    if at < 0:
        return 0
    del order[at // order.itemsize]
    return at // order.itemsize


def _places(order: array, pk: int, near: int, few: QuerySet) -> list[int] | None:
    """Where a record goes: one place, none if it left; None if the order cannot tell.

    The database compares it with the two between which it stood, then with some at even distances, ever nearer. If
    these do not stand as they did, another record has moved, which is told later.
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
