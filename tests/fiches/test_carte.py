"""The map: everything stands where it is."""

import csv
import math
import re
from itertools import pairwise

import pytest

from socle.territoires.cartes import around, drawing, lights, place
from socle.territoires.models import Commune, Intercommunalite
from socle.territoires.noms import DOSSIER

RINGS = re.compile(r"M(-?\d+) (-?\d+)l([^z]*)z")
NOT_DRAWN = {"56069": "Groix"}


def km(latitude=48.2) -> float:
    """Of one unit of the drawing."""
    return 6378.137 * math.cos(math.radians(latitude)) / drawing()["radian"]


def rings(code):
    """The outlines of a département, each a list of points."""
    for x, y, steps in RINGS.findall(drawing()["departements"][code]["contour"]):
        points = [(int(x), int(y))]
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        yield [*points, points[0]]


def off(point, outlines) -> float:
    """How far a point is from the land that these outlines enclose, in km; 0 within."""
    x, y = point
    within, nearest = False, math.inf
    for ring in outlines:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                within = not within
            dx, dy = bx - ax, by - ay
            share = min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
            nearest = min(nearest, math.hypot(ax + share * dx - x, ay + share * dy - y))
    return 0 if within else nearest * km()


def test_each_commune_stands_in_its_departement():
    outlines = {code: list(rings(code)) for code in drawing()["departements"]}
    with (DOSSIER / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["departement"] in outlines and row["latitude"]]
    distances = {
        row["code"]: off(place(float(row["longitude"]), float(row["latitude"])), outlines[row["departement"]])
        for row in rows
        if row["code"] not in NOT_DRAWN
    }
    assert len(distances) > 900
    assert max(distances.values()) < 3
    assert sum(not distance for distance in distances.values()) > 0.94 * len(distances)


@pytest.mark.parametrize(
    ("cape", "departement", "longitude", "latitude"),
    [
        ("Pointe du Raz", "29", -4.7390, 48.0394),
        ("Pointe de Penmarc’h", "29", -4.3737, 47.7980),
        ("Cap Fréhel", "22", -2.3188, 48.6846),
        ("Pointe du Grouin", "35", -1.8440, 48.7110),
        ("Pointe des Poulains", "56", -3.2530, 47.3886),
    ],
)
def test_a_cape_stands_at_the_end_of_the_land(cape, departement, longitude, latitude):
    x, y = place(longitude, latitude)
    corners = [math.hypot(x - a, y - b) for ring in rings(departement) for a, b in ring]
    assert min(corners) * km() < 5


@pytest.mark.django_db
def test_a_light_is_as_wide_as_what_it_counts(places):
    communes = {code: n for n, code in enumerate(Commune.objects.values_list("pk", flat=True), 1)}
    located = Commune.objects.filter(departement__in=drawing()["departements"], latitude__isnull=False)
    found = lights(Commune, communes, str)
    assert {feu.nom for feu in found} >= set(located.values_list("nom", flat=True))
    assert [feu.compte for feu in found] == sorted((feu.compte for feu in found), reverse=True)
    for feu in found:
        assert feu.rayon**2 / feu.compte == pytest.approx(found[0].rayon ** 2 / found[0].compte, rel=0.1)
    groups = lights(Intercommunalite, dict.fromkeys(Intercommunalite.objects.values_list("pk", flat=True), 900), str)
    assert groups
    assert {feu.rayon for feu in groups} == {22}


def test_around_a_commune_is_a_circle_of_so_many_kilometres_and_nothing_where_the_drawing_ends():
    vannes = Commune(code="56260", nom="Vannes", departement_id="56", latitude=47.65688, longitude=-2.76205)
    found = around(vannes, 20)
    assert (found.x, found.y) == place(-2.76205, 47.65688)
    assert found.rayon * km(47.65688) == pytest.approx(20, abs=0.5)
    assert found.texte == "20 km autour de Vannes"
    nantes = Commune(code="44109", nom="Nantes", departement_id="44", latitude=47.21725, longitude=-1.55336)
    assert [around(one, 20) for one in (nantes, Commune(code="29084", departement_id="29"), None)] == [None] * 3
