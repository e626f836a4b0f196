"""The map of the region, drawn on the server: outlines of its départements, and a light where something is.

    carte = draw({"29": 7}, lights(Intercommunalite, {"242900314": 2}, str), lambda code: f"?departement={code}")

`components/carte.html` prints it. The drawing is `fixtures/carte.json` (outils/construire_apparence.py).
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from socle.territoires.models import Commune, Intercommunalite
from socle.territoires.prepositions import de_la_commune

EARTH_KM = 6371.0
DESSIN = settings.BASE_DIR / "fixtures" / "carte.json"
RAYON, RAYON_MAX = 5.6, 22  # of a light for one, of the widest


@dataclass(frozen=True)
class Feu:
    """A light: where, how wide, of what place, for how many. `adresse`: the list of what is there."""

    x: int
    y: int
    rayon: float
    nom: str
    compte: int
    adresse: str


@dataclass(frozen=True)
class Zone:
    """A département of the drawing. `x`, `y`, `ancre`: where its name stands, and at which end it is held."""

    code: str
    nom: str
    contour: str
    x: int
    y: int
    ancre: str
    compte: int = 0
    adresse: str = ""


@dataclass(frozen=True)
class Carte:
    """What `components/carte.html` draws. Lights stand the widest first, so that none hides another."""

    largeur: int
    hauteur: int
    zones: list[Zone]
    feux: list[Feu]

    @property
    def bornes(self) -> list[tuple[int, float]]:
        """(how many, how wide) of the smallest and the widest light."""
        found = sorted({(feu.compte, feu.rayon) for feu in self.feux})
        return [*found[:1], *found[1:][-1:]]


@cache
def drawing() -> dict:
    return json.loads(DESSIN.read_text(encoding="utf-8"))


def place(longitude: float, latitude: float) -> tuple[int, int]:
    """Degrees (WGS 84) as a point of the drawing, which is Mercator's."""
    drawn = drawing()
    height = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    x = drawn["zero"] + drawn["radian"] * math.radians(longitude)
    return round(x), round(drawn["equateur"] - drawn["radian"] * height)


def draw(counts: dict[str, int], feux: list[Feu], address: Callable[[str], str]) -> Carte:
    """The map. `counts`: {code of a département: how many}; `address`: the list of one that has some, or ""."""
    drawn = drawing()
    zones = [
        Zone(code, compte=counts.get(code, 0), adresse=address(code) if counts.get(code) else "", **zone)
        for code, zone in drawn["departements"].items()
    ]
    return Carte(drawn["largeur"], drawn["hauteur"], zones, feux)


@dataclass(frozen=True)
class LieuDessine:
    """A commune of the drawing, and what is around it: `rayon` in units of the drawing, `km` as `texte` says it."""

    carte: Carte
    texte: str
    x: int
    y: int
    rayon: int
    km: int


def around(commune: Commune | None, km: int) -> LieuDessine | None:
    """Where a commune stands on the map, with a circle around it; None if nobody knows, or if that is not drawn."""
    if commune is None or commune.latitude is None or commune.departement_id not in drawing()["departements"]:
        return None
    widens = math.cos(math.radians(commune.latitude))  # Mercator's: what is farther north is drawn larger
    rayon = round(drawing()["radian"] * km / (EARTH_KM * widens))
    said = f"{km} km autour {de_la_commune(commune.nom)}"
    return LieuDessine(draw({}, [], str), said, *place(commune.longitude, commune.latitude), rayon, km)


def lights(model: type, counts: dict[str, int], address: Callable[[str], str]) -> list[Feu]:
    """A light for each of these communes or intercommunalités that the drawing holds. One query.

    A commune without a position shines at the largest of its intercommunalité, as an intercommunalité does.
    """
    widest = max(counts.values(), default=1)
    unit = min(RAYON, RAYON_MAX / math.sqrt(widest))
    found = []
    for code, nom, longitude, latitude in _positions(model, counts):
        compte = counts[code]
        found.append(Feu(*place(longitude, latitude), round(unit * math.sqrt(compte), 1), nom, compte, address(code)))
    return sorted(found, key=lambda feu: (-feu.compte, feu.nom))


def _positions(model, codes):
    """(code, name, longitude, latitude) of those that the drawing holds."""
    drawn = Commune.objects.filter(departement__in=drawing()["departements"])
    group = OuterRef("pk" if model is Intercommunalite else "intercommunalite")
    located = drawn.filter(intercommunalite=group, latitude__isnull=False)
    largest = located.order_by(F("population").desc(nulls_last=True), "pk")
    degrees = {f"en_{axis}": Subquery(largest.values(axis)[:1]) for axis in ("longitude", "latitude")}
    rows = model.objects.order_by()
    if model is Commune:
        rows = drawn.order_by()
        degrees = {f"en_{axis}": Coalesce(axis, degrees[f"en_{axis}"]) for axis in ("longitude", "latitude")}
    found = rows.filter(pk__in=list(codes)).annotate(**degrees).filter(en_longitude__isnull=False)
    return found.values_list("pk", "nom", *degrees)
