"""The drawing of the map: everything stands where it is."""

import csv
import math
from itertools import pairwise

import pytest

from socle.territoires.cartes import LARGEUR, around, drawing, frame, place, rings
from socle.territoires.models import Commune
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


@pytest.mark.parametrize("codes", [["22", "56"], ["22"], ["29"], ["35", "56"], ["44", "56"]])
def test_a_departement_is_named_where_there_is_room_for_its_name(codes):
    cadre = frame(frozenset(codes), close=True)
    assert {zone.code for zone in cadre.zones if zone.nommable} >= set(codes)
    assert all(cadre.holds(zone.x, zone.y) for zone in cadre.zones if zone.code in codes)
    assert not any(zone.nommable for zone in frame(frozenset(["29", "68"])).zones)  # of France, none


def test_around_a_commune_is_a_circle_of_so_many_kilometres_and_nothing_where_the_drawing_ends():
    vannes = Commune(code="56260", nom="Vannes", departement_id="56", latitude=47.65688, longitude=-2.76205)
    found = around(vannes, 20)
    assert (found.x, found.y) == frame(frozenset(["56"])).point(-2.76205, 47.65688)
    assert found.rayon * km(47.65688) == pytest.approx(20, abs=0.5)
    assert found.texte == "20 km autour de Vannes"
    nantes = around(Commune(code="44109", nom="Nantes", departement_id="44", latitude=47.217, longitude=-1.553), 20)
    assert "44" in nantes.cadre.codes
    assert 0 < nantes.x < LARGEUR
    fort = Commune(code="97209", nom="Fort-de-France", departement_id="972", latitude=14.6, longitude=-61.07)
    assert [around(one, 20) for one in (fort, Commune(code="29084", departement_id="29"), None)] == [None] * 3
