"""Where the records of a list are, and how well that is known.

A list has places if its filter set has a facet `lieu`, whose values are codes (socle/territoires/lieux.py), one for
each record: that of the first of its `fields` that the record has.
"""

from collections import defaultdict

from pyroaring import BitMap

from socle.catalogue.ensembles import Ensembles
from socle.catalogue.views import SelectionView
from socle.territoires.lieux import COMMUNE, NOWHERE, Emplacement, located

DEGREES = ("longitude", "latitude")  # fields of a record that has a position of its own
APPROCHEE = "position_approchee"  # its field that says whether that is the commune's


def is_located(liste: type[SelectionView]) -> bool:
    """Whether the records of a list have places."""
    return "lieu" in liste.filterset_class.base_filters


def places(ensembles: Ensembles) -> dict[str, Emplacement]:
    """{code: its place} of the codes that records of the list say, or said: read once, whatever record changes."""
    known = ensembles.lasting(("lieux",), dict)
    if new := ensembles.valeurs("lieu").keys() - known.keys():
        known |= dict.fromkeys(new, NOWHERE) | located(new)
    return known


def by_precision(ensembles: Ensembles) -> dict[str, BitMap]:
    """{how well a place is known, "" for not at all: the records of the list that say such a one}."""

    def gathered():
        known, found = places(ensembles), defaultdict(list)
        for code, ids in ensembles.valeurs("lieu").items():
            found["" if known[code].longitude is None else known[code].precision].append(ids)
        return {precision: BitMap.union(*several, BitMap()) for precision, several in found.items()}

    return ensembles.cached(("précisions",), gathered)


def by_group(ensembles: Ensembles) -> dict[str, BitMap]:
    """{département: the records of the list that say an intercommunalité there}, of which some say no département."""

    def gathered():
        known, found = places(ensembles), defaultdict(list)
        for code, ids in ensembles.valeurs("lieu").items():
            if len(code) > COMMUNE:
                found[known[code].departement].append(ids)
        return {code: BitMap.union(*several) for code, several in found.items()}

    return ensembles.cached(("départements des intercommunalités",), gathered)


def unplaced(ensembles: Ensembles) -> list[str]:
    """Codes of the places that records of the list say and that nobody can place."""
    known = places(ensembles)
    return [code for code in ensembles.valeurs("lieu") if known[code].longitude is None]


def own_fields(model) -> tuple[str, ...]:
    """The fields that hold the position of a record itself; none if its model has none."""
    names = {field.name for field in model._meta.concrete_fields}
    return (*DEGREES, *({APPROCHEE} & names)) if names.issuperset(DEGREES) else ()


def exact(ensembles: Ensembles) -> dict[int, tuple[float, float]]:
    """{record: (longitude, latitude)} of those of the list that have an exact position of their own."""
    return ensembles.cached(("positions exactes",), lambda: _exact(ensembles.filterset_class))


def _exact(filterset_class) -> dict[int, tuple[float, float]]:
    fields = own_fields(filterset_class._meta.model)
    if not fields:
        return {}
    rows = filterset_class.public().filter(latitude__isnull=False).order_by()
    if APPROCHEE in fields:
        rows = rows.exclude(**{APPROCHEE: True})
    return {pk: (x, y) for pk, x, y in rows.values_list("pk", *DEGREES)}
