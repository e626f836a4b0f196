"""Let LibreOffice read the workbooks of a running site: the XLSX and the ODS of a list must give it the same CSV.

    python bench/classeurs.py http://127.0.0.1:8000 [projets agenda …]

Without a list, those that the API of the site names. It wants `soffice` (Debian: libreoffice-calc-nogui). Both leaves
are compared; 1 if they differ.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

FILTRE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, a file for each leaf


def lists(site: str) -> list[str]:
    """The first parts of the addresses of all lists."""
    with urlopen(f"{site}/api/v1/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    return [path.split("/")[3] for path in paths if path.endswith("/facettes")]


def leaves(site: str, liste: str, format: str, folder: Path) -> dict[str, bytes]:
    """{leaf: its CSV} of a workbook, as LibreOffice reads it."""
    folder.mkdir()
    book = folder / f"{liste}.{format}"
    with urlopen(f"{site}/{liste}.{format}") as answer:
        book.write_bytes(answer.read())
    profile = f"-env:UserInstallation={(folder.parent / 'profil').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", FILTRE, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def main() -> int:
    site, *listes = sys.argv[1:]
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        for liste in listes or lists(site):
            read = [leaves(site, liste, one, Path(place) / f"{liste}-{one}") for one in ("xlsx", "ods")]
            same = read[0] == read[1] and len(read[0]) == 2
            bad += not same
            print(f"{liste} : {sum(map(len, read[0].values()))} octets, {'les mêmes' if same else 'DIFFÉRENTS'}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
