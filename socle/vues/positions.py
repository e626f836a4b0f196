"""Where the records of a list are, how well that is known, and the squares of the drawing that they are counted by.

A list has places if its filter set has a facet `lieu`, whose values are codes (socle/territoires/lieux.py), one for
each record: that of the first of its `fields` that the record has.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul

from pyroaring import BitMap

from socle.catalogue.ensembles import Ensembles
from socle.catalogue.views import SelectionView
from socle.memoire.held import held
from socle.memoire.triggers import COMMUN
from socle.territoires.cartes import place
from socle.territoires.lieux import COMMUNE, MANY, Emplacement, Lieux, everywhere, located

DEGREES = ("longitude", "latitude")  # fields of a record that has a position of its own
APPROCHEE = "position_approchee"  # its field that says whether that is the commune's

NOWHERE = Emplacement("Lieu non précisé")
COTE = 30  # of a square, in units of the drawing


@dataclass(frozen=True)
class Carreau:
    """A square of the drawing: the middle of the records of the list that are in it, they, the codes of its places."""

    centre: tuple[float, float]
    fiches: BitMap
    codes: list[str]


class Points(dict):
    """{code: its point of the drawing}, None of a place that is not better known than by its département.

    One is computed when it is asked for: all communes of France are many, and a list says some of them.
    """

    def __init__(self, known: Lieux):
        self._known = known

    def __missing__(self, code: str) -> tuple[float, float] | None:
        longitude, latitude, precision, _ = self._known.where(code) if code in self._known else (None, None, "", "")
        lost = longitude is None or precision == "departement"
        self[code] = point = None if lost else place(longitude, latitude)
        return point


def is_located(liste: type[SelectionView]) -> bool:
    """Whether the records of a list have places."""
    return "lieu" in liste.filterset_class.base_filters


def places(ensembles: Ensembles) -> Lieux:
    """Places of the codes that records of the list say; of all there are, where they are many."""
    codes = ensembles.valeurs("lieu")
    if len(codes) > MANY:
        return everywhere(ensembles.versions)
    return ensembles.held(("lieux",), lambda: located(codes))


def drawn(ensembles: Ensembles) -> Points:
    """Where places stand in the drawing: of all there are, if they are many, whatever record changes."""
    if len(ensembles.valeurs("lieu")) > MANY:
        return held(("points",), lambda: Points(places(ensembles)), COMMUN, versions=ensembles.versions)
    return ensembles.held(("points",), lambda: Points(places(ensembles)))


def squared(drawn: Points, held: Mapping[str, BitMap]) -> dict[str, Carreau]:
    """{name: square} of the places of `held`, {code: the records that say it}."""
    squares = defaultdict(list)
    for code, ids in held.items():
        if point := drawn[code]:
            x, y = point
            squares[x // COTE, y // COTE].append((x, y, len(ids), code))
    found = {}
    for (column, line), ones in squares.items():
        xs, ys, counts, codes = zip(*ones, strict=True)
        whole = sum(counts)
        centre = sum(map(mul, xs, counts)) / whole, sum(map(mul, ys, counts)) / whole
        found[f"{column:.0f} {line:.0f}"] = Carreau(centre, BitMap.union(*map(held.__getitem__, codes)), list(codes))
    return found


def squares(ensembles: Ensembles) -> dict[str, Carreau]:
    """{name: square} of the drawing, of all places of the list: a map of much of France counts by these."""
    return ensembles.held(("carreaux",), lambda: squared(drawn(ensembles), ensembles.valeurs("lieu")))


def by_precision(ensembles: Ensembles) -> dict[str, BitMap]:
    """{how well a place is known, "" for not at all: the records of the list that say such a one}."""

    def gathered():
        known, found = places(ensembles), defaultdict(list)
        for code, ids in ensembles.valeurs("lieu").items():
            longitude, _, precision, _ = known.where(code) if code in known else NOWHERE[1:]
            found[precision if longitude is not None else ""].append(ids)
        return {precision: BitMap.union(*several, BitMap()) for precision, several in found.items()}

    return ensembles.held(("précisions",), gathered)


def by_group(ensembles: Ensembles) -> dict[str, BitMap]:
    """{département: the records of the list that say an intercommunalité there}, of which some say no département."""

    def gathered():
        known, found = places(ensembles), defaultdict(list)
        for code, ids in ensembles.valeurs("lieu").items():
            if len(code) > COMMUNE and code in known:
                found[known.where(code)[3]].append(ids)
        return {code: BitMap.union(*several) for code, several in found.items()}

    return ensembles.held(("départements des intercommunalités",), gathered)


def unplaced(ensembles: Ensembles) -> list[str]:
    """Codes of the places that records of the list say and that nobody can place."""
    known = places(ensembles)
    asked = ensembles.valeurs("lieu")
    wanted = ("lieux sans position",)
    return ensembles.held(wanted, lambda: [code for code in asked if code not in known or known.where(code)[0] is None])


def own_fields(model) -> tuple[str, ...]:
    """The fields that hold the position of a record itself; none if its model has none."""
    names = {field.name for field in model._meta.concrete_fields}
    return (*DEGREES, *({APPROCHEE} & names)) if names.issuperset(DEGREES) else ()


def exact(ensembles: Ensembles) -> dict[int, tuple[float, float]]:
    """{record: (longitude, latitude)} of those of the list that have an exact position of their own."""
    return ensembles.held(("positions exactes",), lambda: _exact(ensembles.filterset_class))


def _exact(filterset_class) -> dict[int, tuple[float, float]]:
    fields = own_fields(filterset_class._meta.model)
    if not fields:
        return {}
    rows = filterset_class.public().filter(latitude__isnull=False).order_by()
    if APPROCHEE in fields:
        rows = rows.exclude(**{APPROCHEE: True})
    return {pk: (x, y) for pk, x, y in rows.values_list("pk", *DEGREES)}
