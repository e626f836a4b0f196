"""The map, drawn on the server: outlines of départements, in a frame that holds what is to be seen.

    cadre = frame({"29", "35"})            # Brittany
    cadre.point(-4.49, 48.39)              # where Brest is in it
    cadre.zones                            # the départements in it, with the places of their names

The outlines are `fixtures/carte.json` (outils/construire_apparence.py): those of metropolitan France.
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
LARGEUR, HAUTEUR_MIN, HAUTEUR_MAX = 600, 330, 640  # of a frame, in its own units
LOIN = 2  # units: what an outline may be off where a département is too small to be named
MARGE = 0.04  # of what is seen, around it
PROCHE = 10  # km around a commune: what is seen at least
EVERYWHERE = 0.4  # of France: what takes more is shown in all of it
LETTRE = 8  # how wide one is, about

Boite = tuple[float, float, float, float]  # left, top, right, bottom, in units of the drawing
_RING = re.compile(r"M(-?\d+) ?(-?\d+)l([^z]*)z")


@dataclass(frozen=True)
class Zone:
    """A département in a frame. `x`, `y`, `ancre`: where its words stand, and at which end they are held; `nommable`:
    whether there is room for its name."""

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
    """Where the meridian of Greenwich and the equator are in the drawing, and how long a radian is."""
    drawn = drawing()
    return drawn["zero"], drawn["equateur"], drawn["radian"]


def place(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees (WGS 84) as a point of the drawing, which is Mercator's."""
    zero, equator, radian = _projection()
    return zero + radian * math.radians(longitude), equator - radian * math.asinh(math.tan(math.radians(latitude)))


@cache
def rings(code: str) -> list[list[tuple[int, int]]]:
    """The outlines of a département, each a list of points."""
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
    """The box of a département."""
    points = [point for ring in rings(code) for point in ring]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def around_all(boxes: Iterable[Boite]) -> Boite:
    """The box that holds some boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@dataclass(frozen=True)
class Cadre:
    """What is seen of the drawing: the départements `codes`, in `boite`, which is LARGEUR wide here."""

    codes: tuple[str, ...]
    boite: Boite

    @cached_property
    def echelle(self) -> float:
        """How many of our units one of the drawing is."""
        return LARGEUR / (self.boite[2] - self.boite[0])

    @property
    def is_close(self) -> bool:
        """Whether a département is large enough in it to be named."""
        return self.echelle > 0.8

    @cached_property
    def hauteur(self) -> int:
        return round((self.boite[3] - self.boite[1]) * self.echelle)

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Where degrees (WGS 84) stand in the frame, or beside it."""
        return self.placed(*place(longitude, latitude))

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= LARGEUR and 0 <= y <= self.hauteur

    def placed(self, x: float, y: float) -> tuple[int, int]:
        """The same of a point of the drawing."""
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
        """A ring in whole units of the frame, without the points that fall on the one before; thinned from afar."""
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
    """A line without the points nearer than LOIN to what is left of it (Ramer 1972, Douglas and Peucker 1973)."""
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
    """The middle of the largest piece of a département: its centre of gravity."""
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
    """The box of a région that is drawn, with room around it."""
    if region in drawing()["boites"]:
        return tuple(drawing()["boites"][region])
    return _roomy(around_all(box(code) for code in of_region(region)))


def of_region(region: str) -> list[str]:
    """The départements of a région that is drawn."""
    return [code for code, one in drawing()["departements"].items() if one["region"] == region]


@cache
def away(departement: str, region: str) -> float:
    """How far the middle of a département is from those of a région, in units of the drawing; what one does not draw
    is farthest."""
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
    """The frame of the régions of some départements; `close`: of these départements alone; that of the site's région
    without any that is drawn."""
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
    """What is so near to a commune, in units of a frame."""

    x: int
    y: int
    rayon: int


def frame_around(commune: Commune, km: int) -> tuple[Cadre, Cercle] | None:
    """The frame of what is at most `km` from a commune, and the circle of that in it; None if that is not drawn."""
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
    """A distance in units of the drawing, which is Mercator's: what is farther north is drawn larger."""
    return drawing()["radian"] * km / (EARTH_KM * math.cos(math.radians(latitude)))


def _area(boite: Boite) -> float:
    return (boite[2] - boite[0]) * (boite[3] - boite[1])


def _meet(one: Boite, other: Boite) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True)
class LieuDessine:
    """A commune in its frame, and what is around it: `rayon` in units of the frame, `km` as `texte` says it."""

    cadre: Cadre
    texte: str
    x: int
    y: int
    rayon: int
    km: int


def around(commune: Commune | None, km: int) -> LieuDessine | None:
    """Where a commune stands in its région, with a circle around it; None if nobody knows, or if that is not drawn."""
    if commune is None or commune.latitude is None or commune.departement_id not in drawing()["departements"]:
        return None
    cadre = frame(frozenset([commune.departement_id]))
    rayon = round(_units(km, commune.latitude) * cadre.echelle)
    said = f"{km} km autour {de_la_commune(commune.nom)}"
    return LieuDessine(cadre, said, *cadre.point(commune.longitude, commune.latitude), rayon, km)
