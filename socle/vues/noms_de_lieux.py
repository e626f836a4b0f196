"""Names beside the lights of a map: right, left, above, below or at a corner, where nothing else stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from socle.territoires.cartes import LARGEUR, Zone

CORPS = 14  # of a name
GRAND = 22  # of a name on a small screen: none may be cut by the frame there either
LETTRE = 0.56  # how wide one is, of its height
LIBRE = 3  # between a light and its name

Boite = tuple[float, float, float, float]  # left, top, right, bottom


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
