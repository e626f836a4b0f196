"""The map, drawn on the server: outlines of départements, in a frame around what is shown.

    cadre = frame({"29", "35"})            # Brittany
    cadre.point(-4.49, 48.39)              # where Brest is in it
    cadre.zones                            # its départements, and where their names stand

The outlines (`fixtures/carte.json`, metropolitan France) are written by outils/construire_apparence.py. The drawing and
a frame have different units: `Cadre.placed` goes from one to the other.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from django.conf import settings

from socle.territoires.models import Commune
from socle.territoires.prepositions import de_la_commune

EARTH_KM = 6371.0
DESSIN = settings.BASE_DIR / "fixtures" / "carte.json"
LARGEUR, HAUTEUR_MIN, HAUTEUR_MAX = 600, 330, 640  # width and heights of a frame, in its own units
LOIN = 2  # units of the frame: outlines may be off by this where no name has room
MARGE = 0.04  # share of what is seen, on each side
PROCHE = 10  # km around a commune that are always seen
EVERYWHERE = 0.4  # share of France above which all of it is shown
LETTRE = 8  # width of a letter, about, in units of a frame

Boite = tuple[float, float, float, float]  # left, top, right, bottom, in units of the drawing
_RING = re.compile(r"M(-?\d+) ?(-?\d+)l([^z]*)z")


@dataclass(frozen=True)
class Zone:
    """A département in a frame.

    `x`, `y`: where its name stands; `ancre`: which end of the name is there; `nommable`: whether the name has room.
    """

    code: str
    nom: str
    contour: str
    x: int
    y: int
    ancre: str
    nommable: bool


@cache
def drawing() -> dict:
    return json.loads(DESSIN.read_text(encoding="utf-8"))


@cache
def _projection() -> tuple[float, float, float]:
    """In units of the drawing: x of the Greenwich meridian, y of the equator, length of a radian."""
    drawn = drawing()
    return drawn["zero"], drawn["equateur"], drawn["radian"]


def place(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees (WGS 84) as a point of the drawing (Mercator projection)."""
    zero, equator, radian = _projection()
    return zero + radian * math.radians(longitude), equator - radian * math.asinh(math.tan(math.radians(latitude)))


@cache
def rings(code: str) -> list[list[tuple[int, int]]]:
    found = []
    for x, y, steps in _RING.findall(drawing()["departements"][code]["contour"]):
        ring = [(int(x), int(y))]
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        found.append(ring)
    return found


@cache
def box(code: str) -> Boite:
    points = [point for ring in rings(code) for point in ring]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def around_all(boxes: Iterable[Boite]) -> Boite:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@dataclass(frozen=True)
class Cadre:
    """A part of the drawing: the départements `codes`, within `boite`, which becomes LARGEUR units wide."""

    codes: tuple[str, ...]
    boite: Boite

    @cached_property
    def echelle(self) -> float:
        """Units of the frame for one unit of the drawing."""
        return LARGEUR / (self.boite[2] - self.boite[0])

    @property
    def is_close(self) -> bool:
        """Whether départements are large enough to be named."""
        return self.echelle > 0.8

    @cached_property
    def hauteur(self) -> int:
        return round((self.boite[3] - self.boite[1]) * self.echelle)

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Degrees (WGS 84) as a point of the frame, or beside it."""
        return self.placed(*place(longitude, latitude))

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= LARGEUR and 0 <= y <= self.hauteur

    def placed(self, x: float, y: float) -> tuple[int, int]:
        """A point of the drawing as a point of the frame."""
        return round((x - self.boite[0]) * self.echelle), round((y - self.boite[1]) * self.echelle)

    @cached_property
    def zones(self) -> list[Zone]:
        drawn = drawing()["departements"]
        return [self._zone(code, drawn[code]) for code in self.codes]

    def _zone(self, code: str, drawn: dict) -> Zone:
        traced = [ring for ring in map(self._traced, rings(code)) if len(ring) > 2]
        steps = ["".join(self._steps(ring)) for ring in traced]
        if "etiquette" in drawn and self.boite == region_box(drawn["region"]):
            x, y, ancre = drawn["etiquette"]
            return Zone(code, drawn["nom"], "".join(steps), x, y, ancre, True)
        left, _, right, _ = box(code)
        nommable = self.is_close and (right - left) * self.echelle > LETTRE * len(drawn["nom"])
        return Zone(code, drawn["nom"], "".join(steps), *self.placed(*middle(code)), "milieu", nommable)

    def _traced(self, ring) -> list[tuple[int, int]]:
        """A ring in whole units of the frame, without repeated points; thinned if seen from afar."""
        points = [self.placed(x, y) for x, y in ring]
        points = [point for before, point in pairwise([None, *points]) if point != before]
        if len(points) > 1 and points[-1] == points[0]:
            points.pop()
        if self.is_close or len(points) < 4:
            return points
        half = len(points) // 2
        return [*_thinned(points[: half + 1])[:-1], *_thinned([*points[half:], points[0]])[:-1]]

    @staticmethod
    def _steps(ring) -> Iterable[str]:
        yield f"M{ring[0][0]} {ring[0][1]}l"
        yield " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring)).replace(" -", "-")
        yield "z"


def _thinned(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A line without its points nearer than LOIN to the thinned line (Ramer 1972, Douglas and Peucker 1973)."""
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    far = [
        abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)
        for x, y in points
    ]
    if len(points) < 3 or max(far) < LOIN:
        return [points[0], points[-1]]
    cut = far.index(max(far))
    return [*_thinned(points[: cut + 1])[:-1], *_thinned(points[cut:])]


@cache
def middle(code: str) -> tuple[float, float]:
    """The centre of gravity of the largest piece of a département."""
    best, where = -1.0, (0.0, 0.0)
    for ring in rings(code):
        area = x = y = 0.0
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            cross = ax * by - bx * ay
            area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
        if abs(area) > best:
            best, where = abs(area), (x / (3 * area), y / (3 * area))
    return where


@cache
def region_box(region: str) -> Boite:
    """The box of a drawn région, with a margin."""
    if region in drawing()["boites"]:
        return tuple(drawing()["boites"][region])
    return _roomy(around_all(box(code) for code in of_region(region)))


def of_region(region: str) -> list[str]:
    """The drawn départements of a région."""
    return [code for code, one in drawing()["departements"].items() if one["region"] == region]


@cache
def away(departement: str, region: str) -> float:
    """Distance of a département to the nearest one of a région, by their middles, in units of the drawing.

    Infinite if one is not drawn.
    """
    if departement not in drawing()["departements"]:
        return math.inf
    return min((math.dist(middle(departement), middle(code)) for code in of_region(region)), default=math.inf)


def _roomy(boite: Boite) -> Boite:
    """A box with a margin, neither too flat nor too high for a page."""
    left, top, right, bottom = boite
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    wide, high = (right - left) * (1 + 2 * MARGE), (bottom - top) * (1 + 2 * MARGE)
    wide = max(wide, high * LARGEUR / HAUTEUR_MAX)
    high = max(high, wide * HAUTEUR_MIN / LARGEUR)
    return middle_x - wide / 2, middle_y - high / 2, middle_x + wide / 2, middle_y + high / 2


@lru_cache(maxsize=64)
def frame(departements: frozenset[str] = frozenset(), *, close: bool = False) -> Cadre:
    """The frame of the régions of some départements; with `close`, of these départements alone.

    If none is drawn, the frame of the site's région.
    """
    drawn = drawing()["departements"]
    seen = [code for code in drawn if code in departements]
    regions = {drawn[code]["region"] for code in seen} or {settings.REGION}
    if not seen and not of_region(settings.REGION):
        regions = {one["region"] for one in drawn.values()}
    if close and seen:
        boite = _roomy(around_all(map(box, seen)))
    elif len(regions) == 1:
        (region,) = regions
        return Cadre(tuple(of_region(region)), region_box(region))
    else:
        boite = _roomy(around_all(box(code) for region in regions for code in of_region(region)))
        whole = _roomy(around_all(map(box, drawn)))
        boite = whole if _area(boite) > EVERYWHERE * _area(whole) else boite
    return Cadre(tuple(code for code in drawn if _meet(box(code), boite)), boite)


@dataclass(frozen=True)
class Cercle:
    """A circle around a commune, in units of a frame."""

    x: int
    y: int
    rayon: int


def frame_around(commune: Commune, km: int) -> tuple[Cadre, Cercle] | None:
    """The frame of the area at most `km` from a commune, and its circle; None if that is not drawn."""
    drawn = drawing()["departements"]
    if commune.departement_id not in drawn:
        return None
    x, y = place(commune.longitude, commune.latitude)
    seen = _units(max(km, PROCHE), commune.latitude)
    boite = _roomy((x - seen, y - seen, x + seen, y + seen))
    cadre = Cadre(tuple(code for code in drawn if _meet(box(code), boite)), boite)
    rayon = round(_units(km, commune.latitude) * cadre.echelle)
    return cadre, Cercle(*cadre.point(commune.longitude, commune.latitude), rayon)


def _units(km: float, latitude: float) -> float:
    """A distance in units of the drawing: the Mercator projection enlarges what is farther north."""
    return drawing()["radian"] * km / (EARTH_KM * math.cos(math.radians(latitude)))


def _area(boite: Boite) -> float:
    return (boite[2] - boite[0]) * (boite[3] - boite[1])


def _meet(one: Boite, other: Boite) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True)
class LieuDessine:
    """A commune in its frame, with a circle. `rayon`: in units of the frame; `km`: as `texte` says it."""

    cadre: Cadre
    texte: str
    x: int
    y: int
    rayon: int
    km: int


def around(commune: Commune | None, km: int) -> LieuDessine | None:
    """A commune in its région, with a circle of `km`; None if it has no position or is not drawn."""
    if commune is None or commune.latitude is None or commune.departement_id not in drawing()["departements"]:
        return None
    cadre = frame(frozenset([commune.departement_id]))
    rayon = round(_units(km, commune.latitude) * cadre.echelle)
    said = f"{km} km autour {de_la_commune(commune.nom)}"
    return LieuDessine(cadre, said, *cadre.point(commune.longitude, commune.latitude), rayon, km)
