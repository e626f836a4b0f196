"""The drawing of the map: everything stands where it is."""

import csv
import math
from itertools import pairwise

from socle.territoires.cartes import drawing, frame, place, rings
from socle.territoires.place_names import DOSSIER

BRETAGNE = ("22", "29", "35", "56")
NOT_DRAWN = {"56069": "Groix"}


def km(latitude=48.2) -> float:
    """Of one unit of the drawing."""
    return 6378.137 * math.cos(math.radians(latitude)) / drawing()["radian"]


def off(point, outlines) -> float:
    """How far a point is from the land that these outlines enclose, in km; 0 within."""
    x, y = point
    within, nearest = False, math.inf
    for ring in outlines:
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                within = not within
            dx, dy = bx - ax, by - ay
            share = min(1, max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
            nearest = min(nearest, math.hypot(ax + share * dx - x, ay + share * dy - y))
    return 0 if within else nearest * km()


def distances(codes, every=1) -> dict[str, float]:
    """{commune: km to the outline of its own département} of those that have a position, one in so many."""
    with (DOSSIER / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["departement"] in codes and row["latitude"]][::every]
    return {
        row["code"]: off(place(float(row["longitude"]), float(row["latitude"])), rings(row["departement"]))
        for row in rows
        if row["code"] not in NOT_DRAWN
    }


def test_each_commune_stands_in_its_departement():
    found = distances(BRETAGNE)
    assert len(found) > 900
    assert max(found.values()) < 3
    assert sum(not distance for distance in found.values()) > 0.94 * len(found)


def test_so_do_those_of_all_departements_of_metropolitan_france():
    assert len(drawing()["departements"]) == 96
    found = distances(drawing()["departements"], every=23)
    assert len(found) > 500
    assert sum(distance < 3 for distance in found.values()) > 0.99 * len(found)


def test_a_frame_holds_the_regions_of_what_is_to_be_seen():
    bretagne = frame(frozenset(["29"]))
    assert bretagne == frame() == frame(frozenset(["22", "971"]))  # of what is not drawn, nothing
    assert bretagne.codes == BRETAGNE
    assert (bretagne.boite, bretagne.hauteur) == ((0, 0, 600, 364), 364)
    close = frame(frozenset(["29"]), close=True)
    assert close.echelle > 1.5 * bretagne.echelle
    assert close.holds(*close.point(-4.48628, 48.39029))  # Brest
    assert not close.holds(*close.point(-1.67429, 48.11198))  # Rennes
    two = frame(frozenset(["29", "44"]))
    assert {"29", "35", "44", "85", "72"} <= set(two.codes)
    assert "2A" not in two.codes
    everywhere = frame(frozenset(["29", "68"]))
    assert len(everywhere.codes) == 96
    for cadre in (bretagne, close, two, everywhere):
        assert 300 <= cadre.hauteur <= 640
