"""The lights of a map: lights that would touch become one, and their names stand where there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from socle.territoires.cartes import LARGEUR

CROISSANCE = (1, 1.1, 1.2, 1.3)  # factor of the radius, by class
ECART = 1  # between two lights, at least
FEUX = 80  # lights drawn, at most
MANY = 100  # places; above this number, those of a square are joined first
LETTRE = 0.56  # width of a letter, as a share of its height
LIBRE = 3  # between a light and its name

Boite = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float, int, str]  # x, y, number of records, code of the place


@dataclass
class Feu:
    x: float
    y: float
    compte: int
    codes: list[str]

    def join(self, other: "Feu") -> None:
        """Take in another light; the new position is the average, weighted by number of records."""
        compte = self.compte + other.compte
        self.x = (self.x * self.compte + other.x * other.compte) / compte
        self.y = (self.y * self.compte + other.y * other.compte) / compte
        self.compte = compte
        self.codes += other.codes


def lights(places: Iterable[Point], rayon: float, height: float) -> list[Feu]:
    """The lights of places in a frame of that height, most records first.

    `rayon`: of the smallest light. At most FEUX lights; none touches another or is cut by the frame.
    """
    widest = rayon * CROISSANCE[-1]
    apart = 2 * widest + ECART
    feux = [
        Feu(_within(x, widest, LARGEUR - widest), _within(y, widest, height - widest), compte, [code])
        for x, y, compte, code in places
    ]
    side = widest
    while len(feux) > MANY:
        feux = _by_square(feux, side)
        side *= 1.3
    while True:
        before = len(feux)
        feux = _merged(feux, apart)
        if len(feux) == before:
            if before <= FEUX:
                return _in_order(feux)
            apart *= 1.3


def _within(number: float, least: float, most: float) -> float:
    return max(least, min(number, most))


def _in_order(feux: Iterable[Feu]) -> list[Feu]:
    return sorted(feux, key=lambda feu: (-feu.compte, feu.codes))


def _merged(feux: list[Feu], apart: float) -> list[Feu]:
    """One pass: each light, most records first, joins the first light nearer than `apart`."""
    kept: list[Feu] = []
    for feu in _in_order(feux):
        for other in kept:
            dx, dy = other.x - feu.x, other.y - feu.y
            if dx * dx + dy * dy < apart * apart:
                other.join(feu)
                break
        else:
            kept.append(feu)
    return kept


def _by_square(feux: Iterable[Feu], side: float) -> list[Feu]:
    squares: dict[tuple[int, int], Feu] = {}
    for feu in feux:
        square = int(feu.x // side), int(feu.y // side)
        if square in squares:
            squares[square].join(feu)
        else:
            squares[square] = feu
    return list(squares.values())


# Words


@dataclass(frozen=True)
class MotDeCarte:
    """Words on a map. `ancre`: the end of the words that is at `x`. `genre`: "n" for a number, "lieu"."""

    x: int
    y: int
    ancre: str
    texte: str
    genre: str = ""


class Feuille:
    """The boxes drawn so far: no words cover a light or other words, or are cut by the frame."""

    def __init__(self, circles: Iterable[tuple[float, float, float]], height: float):
        self.taken: list[Boite] = [(x - r, y - r, x + r, y + r) for x, y, r in circles]
        self.height = height

    def write(self, several: Sequence[MotDeCarte], sizes: Sequence[float]) -> list[MotDeCarte]:
        """Words that belong together, moved into the frame, if there is room for all; else []."""
        if not several:
            return []
        boxes = list(map(_box, several, sizes))
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        dx = round(max(0, -min(lefts)) - max(0, max(rights) - LARGEUR))
        dy = round(max(0, -min(tops)) - max(0, max(bottoms) - self.height))
        several = [replace(mot, x=mot.x + dx, y=mot.y + dy) for mot in several]
        boxes = list(map(_box, several, sizes))
        if any(_meet(box, other) for box in boxes for other in self.taken):
            return []
        self.taken += boxes
        return several

    def name(self, x: int, y: int, r: float, texte: str, size: float) -> list[MotDeCarte]:
        """The name of a light beside it: right, left, above, below or at a corner; else []."""
        for mot in _sides(x, y, r, texte, size):
            if found := self.write([mot], [size]):
                return found
        return []


def _sides(x: int, y: int, r: float, texte: str, size: float) -> Iterable[MotDeCarte]:
    gap, half = round(r) + LIBRE, round(size / 3)
    yield MotDeCarte(x + gap, y + half, "debut", texte, "lieu")
    yield MotDeCarte(x - gap, y + half, "fin", texte, "lieu")
    for line in (y - gap, y + gap + 2 * half):
        for ancre in ("milieu", "debut", "fin"):
            yield MotDeCarte(x, line, ancre, texte, "lieu")


def _box(mot: MotDeCarte, size: float) -> Boite:
    wide = len(mot.texte) * size * LETTRE
    left = mot.x - {"debut": 0.0, "milieu": wide / 2, "fin": wide}[mot.ancre]
    return left, mot.y - 0.75 * size, left + wide, mot.y + 0.25 * size


def _meet(one: Boite, other: Boite) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
