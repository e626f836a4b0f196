"""The lights of a map: as wide as what they count, those that would hide one another made one; and the names beside
them, right, left, above, below or at a corner, where nothing else stands.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from socle.territoires.cartes import LARGEUR, Zone

RAYON_MIN, RAYON, RAYON_MAX = 4, 5.6, 22  # of the smallest light, of one for one, of the widest
FEUX = 80  # drawn at most
MAILLE = 12  # how wide the squares are, at least, in which more places than MANY are put together first
MANY = 100
CORPS = 14  # of a name
GRAND = 22  # of a name on a small screen: none may be cut by the frame there either
LETTRE = 0.56  # how wide one is, of its height
LIBRE = 3  # between a light and its name

Boite = tuple[float, float, float, float]  # left, top, right, bottom


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
    places, side = list(places), MAILLE
    feux = (Feu(x, y, compte, [code]) for x, y, compte, code in places)  # one at a time: they may be tens of thousands
    feux = _by_square(feux, side) if len(places) > MANY else list(feux)
    while len(feux) > MANY:
        side *= 1.3
        feux = _by_square(feux, side)
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


def _by_square(feux: Iterable[Feu], side: float) -> list[Feu]:
    """One light for all of a square."""
    squares: dict[tuple[int, int], Feu] = {}
    for feu in feux:
        square = int(feu.x // side), int(feu.y // side)
        if square in squares:
            squares[square].join(feu)
        else:
            squares[square] = feu
    return list(squares.values())


# Their names


@dataclass(frozen=True)
class Nom:
    """A name, and where it stands: `ancre` is the end that `x` holds."""

    x: int
    y: int
    ancre: str
    texte: str


def beside(circles: list[tuple[int, int, float]], names: list[str], zones: list[Zone], height: int) -> list[Nom]:
    """The names of lights (x, y, radius), those left out for which there is no room. `zones`: what is written too."""
    taken = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
    taken += [box for zone in zones for box in _written(zone)]
    found = []
    for (x, y, r), name in zip(circles, names, strict=True):
        for nom in _places(x, y, r, name):
            box = _box(nom.x, nom.y, nom.ancre, nom.texte, CORPS)
            left, top, right, bottom = _box(nom.x, nom.y, nom.ancre, nom.texte, GRAND)
            inside = left >= 0 and top >= 0 and right <= LARGEUR and bottom <= height
            if inside and not any(_meet(box, other) for other in taken):
                taken.append(box)
                found.append(nom)
                break
    return found


def _places(x: int, y: int, r: float, name: str) -> Iterable[Nom]:
    gap, half = round(r) + LIBRE, CORPS // 3
    yield Nom(x + gap, y + half, "debut", name)
    yield Nom(x - gap, y + half, "fin", name)
    above, below = y - gap, y + gap + 2 * half
    for line in (above, below):
        yield Nom(x, line, "milieu", name)
        yield Nom(x, line, "debut", name)
        yield Nom(x, line, "fin", name)


def _written(zone: Zone) -> Iterable[Boite]:
    """The number of a département and its name below."""
    if zone.taille != "rien":
        yield _box(zone.x, zone.y, zone.ancre, "000", 24)
    if not zone.taille:
        yield _box(zone.x, zone.y + 18, zone.ancre, zone.nom, 15)


def _box(x: float, y: float, ancre: str, text: str, size: int) -> Boite:
    wide = len(text) * size * LETTRE
    left = x - {"debut": 0.0, "milieu": wide / 2, "fin": wide}[ancre]
    return left, y - 0.75 * size, left + wide, y + 0.25 * size


def _meet(one: Boite, other: Boite) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
