"""Squares of the drawing: many places of a list counted by a few sets, for a map of much of France."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul

from pyroaring import BitMap

from socle.territoires.cartes import place
from socle.territoires.lieux import Lieux

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
