"""The lights of a map: as wide as what they count, those that would hide one another made one."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

RAYON_MIN, RAYON, RAYON_MAX = 4, 5.6, 22  # of the smallest light, of one for one, of the widest
FEUX = 80  # drawn at most
MAILLE = 12  # how wide the squares are, at least, in which more places than MANY are put together first
MANY = 100


@dataclass
class Feu:
    """A light: where, for how many, of which places. `rayon` follows from how many there are."""

    x: float
    y: float
    compte: int
    codes: list[str]
    rayon: float = 0

    def join(self, other: "Feu") -> None:
        """Take another in, and stand between the two as their numbers pull."""
        compte = self.compte + other.compte
        self.x = (self.x * self.compte + other.x * other.compte) / compte
        self.y = (self.y * self.compte + other.y * other.compte) / compte
        self.compte = compte
        self.codes += other.codes


def lights(places: Iterable[tuple[float, float, int, str]], widest: float = RAYON_MAX) -> list[Feu]:
    """Lights for (x, y, how many, code) of places, the widest first: none hides another, FEUX of them at most.

    `widest`: the radius of the widest one.
    """
    feux = [Feu(x, y, compte, [code]) for x, y, compte, code in places]
    side = MAILLE
    while len(feux) > MANY:
        feux, side = _by_square(feux, side), side * 1.3
    nearness = 1.0
    while True:
        before = len(feux)
        _measure(feux, widest)
        feux = _merged(feux, nearness)
        if len(feux) == before:
            if before <= FEUX:
                break
            nearness *= 1.3
    _measure(feux, widest)
    return sorted(feux, key=lambda feu: (-feu.compte, feu.codes))


def _measure(feux: list[Feu], widest: float) -> None:
    most = max((feu.compte for feu in feux), default=1)
    unit = min(RAYON, widest / math.sqrt(most))
    for feu in feux:
        feu.rayon = max(RAYON_MIN, round(unit * math.sqrt(feu.compte), 1))


def _merged(feux: list[Feu], nearness: float) -> list[Feu]:
    """One pass: each light, the widest first, joins the first one that it would hide or be hidden by."""
    kept: list[Feu] = []
    for feu in sorted(feux, key=lambda feu: (-feu.compte, feu.codes)):
        small = 0.3 * feu.rayon
        for other in kept:  # tens of thousands of times a map
            reach = (other.rayon + small) * nearness
            if abs(other.x - feu.x) < reach and (other.x - feu.x) ** 2 + (other.y - feu.y) ** 2 < reach * reach:
                other.join(feu)
                break
        else:
            kept.append(feu)
    return kept


def _by_square(feux: list[Feu], side: float) -> list[Feu]:
    """One light for all of a square."""
    squares: dict[tuple[int, int], Feu] = {}
    for feu in feux:
        square = int(feu.x // side), int(feu.y // side)
        if square in squares:
            squares[square].join(feu)
        else:
            squares[square] = feu
    return list(squares.values())
