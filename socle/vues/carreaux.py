"""Squares of the drawing: many places of a list counted by a few sets, for a map of much of France."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
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


def squared(drawn: Mapping[str, tuple[float, float]], held: Mapping[str, BitMap]) -> dict[str, Carreau]:
    """{name: square} of the places of `held`, {code: the records that say it}. `drawn`: {code: its point}."""
    squares = defaultdict(list)
    for code, (x, y) in drawn.items():
        if ids := held.get(code):
            squares[x // COTE, y // COTE].append((x, y, len(ids), code))
    found = {}
    for (column, line), ones in squares.items():
        xs, ys, counts, codes = zip(*ones, strict=True)
        whole = sum(counts)
        centre = sum(map(mul, xs, counts)) / whole, sum(map(mul, ys, counts)) / whole
        found[f"{column:.0f} {line:.0f}"] = Carreau(centre, BitMap.union(*map(held.__getitem__, codes)), list(codes))
    return found


def points(known: Lieux) -> Iterator[tuple[str, tuple[float, float]]]:
    """(code, its point of the drawing) of places that are better known than by their département."""
    for code in known:
        longitude, latitude, precision, _ = known.where(code)
        if longitude is not None and precision != "departement":
            yield code, place(longitude, latitude)
