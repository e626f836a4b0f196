"""GeoJSON: RFC 7946, and all of the list: what has a position, and how many have none."""

import json

import pytest

from fiches import registre
from fiches.lieux import Situee
from tests.conftest import csv_rows, make_many_projets
from tests.factories import factory_of
from tests.factories.enquetes import EnqueteFactory

pytestmark = pytest.mark.django_db
TYPES = [one.cle for one in registre.types() if issubclass(one.model, Situee)]


def collection(client, address) -> dict:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    return json.loads(b"".join(response.streaming_content), parse_constant=pytest.fail)


def check(found: dict) -> None:
    """RFC 7946, sections 3 to 7, of a collection of points."""
    assert found["type"] == "FeatureCollection"
    assert isinstance(found["features"], list)
    assert not {"crs", "coordinates", "geometries", "geometry", "properties"} & found.keys()  # sections 4, 7.1
    ids = [feature["id"] for feature in found["features"]]
    assert len(set(ids)) == len(ids)
    for feature in found["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], int | str)
        assert set(feature["geometry"]) == {"type", "coordinates"}
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert type(longitude) is type(latitude) is float
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
        assert isinstance(feature["properties"], dict)


@pytest.mark.parametrize("cle", TYPES)
@pytest.mark.parametrize("size", [0, 3])
def test_what_has_a_position_and_what_has_none_is_the_list(client, places, cle, size):
    declaration = registre.get(cle)
    make = factory_of(declaration.model)
    for number in range(size):
        make(titre=f"Placée {number}", commune_id="22050", departement_id="22")
        make(titre=f"Nulle part {number}", commune_id=None, departement_id=None)
    found = collection(client, f"/{declaration.adresse}.geojson")
    check(found)
    rows = csv_rows(client.get(f"/{declaration.adresse}.csv"))
    assert found["total"] == len(rows) == 2 * size
    assert len(found["features"]) + found["sans_position"] == found["total"]
    assert len(found["features"]) == size
    by_id = {row["identifiant"]: row for row in rows}
    for feature in found["features"]:
        row = by_id[str(feature["id"])]
        assert list(feature["properties"]) == [*row, "precision"]
        assert feature["properties"]["titre"] == row["titre"]
        assert feature["geometry"]["coordinates"] == [-2.05049, 48.45553]


def test_each_position_says_how_well_it_is_known(client, places):
    make_many_projets(
        [
            {"titre": "a", "commune_id": "22050", "departement_id": "22"},
            {"titre": "b", "intercommunalite_id": "243500139", "departement_id": "35"},
            {"titre": "c", "departement_id": "56"},
            {"titre": "d", "commune_id": "29084", "departement_id": "29"},
            {"titre": "e"},
        ]
    )
    found = collection(client, "/projets.geojson")
    said = {one["properties"]["titre"]: one["properties"]["precision"] for one in found["features"]}
    assert said == {"a": "commune", "b": "intercommunalite", "c": "departement", "d": "departement"}
    assert found["sans_position"] == 1


def test_a_position_of_its_own_comes_before_that_of_the_commune(client, places):
    EnqueteFactory(titre="Précise", commune_id="35238", departement_id="35", latitude=48.5, longitude=-1.5)
    EnqueteFactory(titre="Seule", commune_id=None, departement_id=None, latitude=47.5, longitude=-3.5)
    EnqueteFactory(titre="Approchée", commune_id="35238", departement_id="35")
    found = collection(client, "/indemnisation.geojson")
    said = {
        one["properties"]["titre"]: (one["properties"]["precision"], *one["geometry"]["coordinates"])
        for one in found["features"]
    }
    assert said == {
        "Précise": ("exacte", -1.5, 48.5),
        "Seule": ("exacte", -3.5, 47.5),
        "Approchée": ("commune", -1.67429, 48.11198),
    }
    page = client.get("/indemnisation/carte/")
    assert page.context["perdues"] == (0, "/indemnisation/?")
    assert sum(one.mots.endswith("enquête") for one in page.context["carte"].dessins[0].lumieres) == 1


def test_the_whole_site_and_its_filters_are_a_file_too(client, places):
    make_many_projets([{"commune_id": "22050", "departement_id": "22"}, {"departement_id": "29"}])
    found = collection(client, "/recherche.geojson?departement=22")
    check(found)
    assert [one["properties"]["type"] for one in found["features"]] == ["projet"]
    assert found["total"] == 1
