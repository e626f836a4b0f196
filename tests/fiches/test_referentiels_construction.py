import csv
import json

import pytest

from outils.construire_referentiels import DECOUPAGE, GEONAMES, build


def place(name, admin2, admin4, latitude, *, others="", feature="PPL", population=600, country="FR", ident="1"):
    """A line of the GeoNames dump."""
    row = [ident, name, name, others, str(latitude), "-2.5", "P", feature, country, "", "53", admin2, "", admin4]
    return "\t".join([*row, str(population), "", "10", "Europe/Paris", "2023-03-02"])


@pytest.fixture
def modules(tmp_path):
    """A node_modules with a handful of communes, each a way of being placed or not."""

    def commune(code, nom, departement="22", **more):
        return {"code": code, "nom": nom, "departement": departement, "region": "53", "type": "commune-actuelle"} | more

    communes = [
        commune("22999", "Zuydcoote", codesPostaux=["22300", "22100"], population=12),
        commune("22001", "Val-d'Izé"),
        commune("22002", "La Roche-Jaudy"),
        commune("22002", "La Roche-Derrien", type="commune-deleguee", chefLieu="22002"),
        commune("22003", "Luitré-Dompierre"),
        commune("22004", "Plévin"),
        commune("22005", "Saint-Denis"),
        commune("22006", "Saint-Denis"),
        commune("22007", "Brousse"),
        commune("97501", "Miquelon", "975"),
    ]
    places = [
        place("Val d’Izé", "22", "22001", 1),
        place("Val-d'Izé", "22", "22001", 2, feature="PPLA", ident="2"),  # a seat before a plain place
        place("La Roche-Derrien", "22", "22002", 3),
        place("Luitré", "22", "22003", 4),
        place("Plevin", "22", "", 5),
        place("Saint-Denis", "22", "", 6),  # which of the two?
        place("Montaigut", "22", "22007", 7),  # another name: a doubt
        place("Miquelon", "", "", 8, country="PM"),
        place("Zuydcoote", "22", "22999", 9, country="BE"),
    ]
    data = tmp_path / DECOUPAGE / "data"
    data.mkdir(parents=True)
    (tmp_path / GEONAMES / "dist").mkdir(parents=True)
    (tmp_path / DECOUPAGE / "package.json").write_text('{"version": "6.0.0"}')
    (tmp_path / GEONAMES / "package.json").write_text('{"version": "1.0.1"}')
    (tmp_path / GEONAMES / "dist" / "cities500.txt").write_text("\n".join(places) + "\n", encoding="utf-8")
    epci = [{"code": "200046977", "nom": "Métropole de Lyon", "type": "MET69", "membres": [{"code": "22001"}]}]
    for name, content in {
        "communes": communes,
        "regions": [{"code": "53", "nom": "Bretagne"}],
        "departements": [{"code": "22", "nom": "Côtes-d'Armor", "region": "53"}],
        "epci": epci,
    }.items():
        (data / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_commune_has_a_position_only_where_it_is_sure(modules, tmp_path):
    build(modules, tmp_path / "sortie")
    found = {row["code"]: row["latitude"] for row in read(tmp_path / "sortie" / "communes.csv")}
    assert found == {
        "22001": "2",
        "22002": "3",
        "22003": "4",
        "22004": "5",
        "22005": "",
        "22006": "",
        "22007": "",
        "22999": "",
        "97501": "8",
    }


def test_communes_are_sorted_and_without_those_of_the_past(modules, tmp_path):
    build(modules, tmp_path / "sortie")
    rows = read(tmp_path / "sortie" / "communes.csv")
    assert [row["nom"] for row in rows if row["code"] == "22002"] == ["La Roche-Jaudy"]
    assert rows == sorted(rows, key=lambda row: row["code"])
    assert next(row["codes_postaux"] for row in rows if row["code"] == "22999") == "22100 22300"
    assert read(tmp_path / "sortie" / "intercommunalites.csv")[0]["nature"] == "METRO"


def test_building_twice_gives_the_same_bytes(modules, tmp_path):
    for name in ("un", "deux"):
        build(modules, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "un").iterdir())
    assert files == ["SOURCES.md", "communes.csv", "departements.csv", "intercommunalites.csv", "regions.csv"]
    for name in files:
        assert (tmp_path / "un" / name).read_bytes() == (tmp_path / "deux" / name).read_bytes()
        assert b"\r" not in (tmp_path / "un" / name).read_bytes()
