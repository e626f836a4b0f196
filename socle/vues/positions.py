"""Where the records of a list are, and how exactly that is known.

A list has places if its filter set has a facet `lieu`. Its values are codes (socle/territoires/lieux.py), one per
record: that of the first of the facet's `fields` that the record has.
"""

from collections import defaultdict

from pyroaring import BitMap

from socle.catalogue.list_sets import ListSets
from socle.catalogue.views import SelectionView
from socle.territoires.lieux import COMMUNE, NOWHERE, Emplacement, located

DEGREES = ("longitude", "latitude")  # fields of a record with its own position
APPROCHEE = "position_approchee"  # field: whether this is only the commune's position


def is_located(liste: type[SelectionView]) -> bool:
    return "lieu" in liste.filterset_class.base_filters


def places(list_sets: ListSets) -> dict[str, Emplacement]:
    """{code: its place}, for codes of records of the list, now or before. Each is read once."""
    known = list_sets.lasting(("lieux",), dict)
    if new := list_sets.valeurs("lieu").keys() - known.keys():
        known |= dict.fromkeys(new, NOWHERE) | located(new)
    return known


def by_precision(list_sets: ListSets) -> dict[str, BitMap]:
    """{precision of a place, "" for unknown: records of the list with such a place}."""

    def gathered():
        known, found = places(list_sets), defaultdict(list)
        for code, ids in list_sets.valeurs("lieu").items():
            found["" if known[code].longitude is None else known[code].precision].append(ids)
        return {precision: BitMap.union(*several, BitMap()) for precision, several in found.items()}

    return list_sets.cached(("précisions",), gathered)


def by_group(list_sets: ListSets) -> dict[str, BitMap]:
    """{département: records of the list whose place is an intercommunalité there}; some name no département."""

    def gathered():
        known, found = places(list_sets), defaultdict(list)
        for code, ids in list_sets.valeurs("lieu").items():
            if len(code) > COMMUNE:
                found[known[code].departement].append(ids)
        return {code: BitMap.union(*several) for code, several in found.items()}

    return list_sets.cached(("départements des intercommunalités",), gathered)


def unplaced(list_sets: ListSets) -> list[str]:
    """Codes in records of the list without a known position."""
    known = places(list_sets)
    return [code for code in list_sets.valeurs("lieu") if known[code].longitude is None]


def own_fields(model) -> tuple[str, ...]:
    """The fields for a record's own position; () if its model has none."""
    names = {field.name for field in model._meta.concrete_fields}
    return (*DEGREES, *({APPROCHEE} & names)) if names.issuperset(DEGREES) else ()


def exact(list_sets: ListSets) -> dict[int, tuple[float, float]]:
    """{record: (longitude, latitude)}, for records of the list with an exact position of their own."""
    return list_sets.cached(("positions exactes",), lambda: _exact(list_sets.filterset_class))


def _exact(filterset_class) -> dict[int, tuple[float, float]]:
    fields = own_fields(filterset_class._meta.model)
    if not fields:
        return {}
    rows = filterset_class.public().filter(latitude__isnull=False).order_by()
    if APPROCHEE in fields:
        rows = rows.exclude(**{APPROCHEE: True})
    return {pk: (x, y) for pk, x, y in rows.values_list("pk", *DEGREES)}
