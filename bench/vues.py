"""Asks every view for random selections of every list: each must hold the same records.

    DATABASE_URL=sqlite:////tmp/demo.sqlite3 SECRET_KEY=x DEBUG=oui python bench/vues.py --nombre 300

All views must give the same number, and files the same keys in order. GeoJSON counts records without a position too.
Figures must be the sum of the CSV's amounts whose `remplacee_par` is empty. The first selection of a list is all that
is published. Prints the address of each difference, and exits with 1 if there is one.
"""

import argparse
import csv
import io
import json
import os
import random
import re
import sys
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
csv.field_size_limit(10**8)
ENTRIES = 50  # of a feed


def asked(rng, selection, words) -> dict:
    """A sort and some criteria of the list's form: facets with a value or two, words, bounds."""
    found, filters = {}, selection.filterset.filters
    names = [name for name, facet in selection.facets.items() if list(facet.valeurs(selection.list_sets, name))]
    names += [name for name in ("montant_min", "montant_max", "autour") if name in filters]
    names += ["q"] if words else []
    for name in rng.sample(names, min(len(names), rng.choice((1, 1, 1, 2, 2, 3)))):
        if name in selection.facets:
            values = list(selection.facets[name].valeurs(selection.list_sets, name))
            found[name] = rng.sample(values, min(len(values), rng.choice((1, 1, 2, 3))))
        elif name == "q":
            found["q"] = [" ".join(rng.sample(words, min(len(words), rng.choice((1, 1, 2)))))]
        elif name == "autour":
            found["autour"], found["rayon"] = [rng.choice(("Dinan", "Vannes", "35238"))], [rng.choice(("10", "60"))]
        else:
            found[name] = [rng.choice(("0", "2500", "6 736", "20000", "40 000,50"))]
    if rng.random() < 0.5:
        found["tri"] = [rng.choice(list(selection.filterset.tris))]
    low, high = (
        Decimal(found[name][0].replace(" ", "").replace(",", ".")) if name in found else None
        for name in ("montant_min", "montant_max")
    )
    if low is not None and high is not None and low > high:
        del found["montant_max"]
    return found


class Site:
    def __init__(self, declaration):
        from django.test import Client

        from socle.vues.toutes import vues

        self.client, self.declaration = Client(HTTP_HOST="127.0.0.1"), declaration
        self.vues = {vue.cle: vue.adresse(declaration) for vue in vues(declaration.liste)}

    def get(self, address, query) -> bytes:
        url = f"{address}{'&' if '?' in address else '?'}{query}"
        response = self.client.get(url)
        if response.status_code != 200:
            raise AssertionError(f"{url}: {response.status_code}")
        return b"".join(response.streaming_content) if response.streaming else response.content

    def differences(self, query) -> list[str]:
        from openpyxl import load_workbook

        rows = list(csv.DictReader(io.StringIO(self.get(self.vues["csv"], query).decode())))
        keys = [row["identifiant"] for row in rows]
        found = {}
        document = json.loads(self.get(self.vues["json"], query))
        found["json"] = [str(one["identifiant"]) for one in document["resultats"]]
        found["json, total"] = keys if document["total"] == len(keys) else document["total"]
        lines = self.get(self.vues["jsonl"], query).decode().splitlines()
        found["jsonl"] = [str(json.loads(line)["identifiant"]) for line in lines]
        sheet = load_workbook(io.BytesIO(self.get(self.vues["xlsx"], query)), read_only=True).worksheets[0]
        found["xlsx"] = [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
        found["ods"] = ods_keys(self.get(self.vues["ods"], query))
        api = json.loads(self.get(self.vues["api"], f"{query}&limite=1000"))
        found["api"] = [str(one["identifiant"]) for one in api["resultats"]]
        if "geojson" in self.vues:
            drawn = json.loads(self.get(self.vues["geojson"], query))
            there = {str(one["properties"]["identifiant"]) for one in drawn["features"]}
            whole = len(there) + drawn["sans_position"]
            found["geojson"] = keys if whole == len(keys) and there <= {*keys} else (whole, len(there))
        if "chiffres-csv" in self.vues:
            lines = list(csv.DictReader(io.StringIO(self.get(self.vues["chiffres-csv"], query).decode())))
            found["chiffres"] = keys if self._figures(lines, rows) else lines[:1]
        for name, address in (("page", self.declaration.lien), ("tableau", self.vues["tableau"])):
            found[name] = keys if self._said(address, query) in (len(rows), None) else "another number"
        title, entries = self._feed(query)
        found["atom"] = keys if (title, entries) == (len(rows), min(len(rows), ENTRIES)) else (title, entries)
        return [f"{name}: {got!r:.200} for {keys!r:.200}" for name, got in found.items() if got != keys]

    def _said(self, address, query) -> int | None:
        """The number of records on a page; None if it only invites to search."""
        said = re.search(r'id="bilan"><span role="status">([^<]*)', self.get(address, query).decode())
        return number(said[1]) if said else None

    def _feed(self, query) -> tuple[int, int]:
        """(number of records that the feed announces, number that it names)."""
        feed = self.get(self.vues["atom"], query).decode()
        return number(re.search(r"<title>([^<]*)", feed)[1]), feed.count("<entry>")

    def _figures(self, lines, rows) -> bool:
        """Whether the figures as a whole match the rows of the CSV."""
        whole = next(line for line in lines if not line["valeur"])
        if not rows or "montant_eur" not in rows[0]:
            return int(whole["fiches"]) == len(rows)
        total = sum(Decimal(row["montant_eur"] or 0) for row in rows if not row["remplacee_par"])
        return int(whole["fiches"]) == len(rows) and Decimal(whole["total_eur"] or 0) == total


def number(words: str) -> int:
    """The number that a sentence begins with; 0 for « Aucune fiche… »."""
    return int(re.sub(r"\D", "", re.match(r"[\d\u202f\xa0]*", words.strip())[0]) or 0)


def ods_keys(data: bytes) -> list[str]:
    """The first cell of each row of the first sheet, without headings."""
    import zipfile

    xml = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
    leaf = xml[: xml.index("</table:table>")]
    rows = re.findall(r"<table:table-row.*?</table:table-row>", leaf, re.S)
    return [re.search(r'office:value="([^"]*)"', row)[1] for row in rows[1:]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nombre", type=int, default=300, help="selections of each list")
    parser.add_argument("--graine", type=int, default=1)
    options = parser.parse_args()
    import django

    django.setup()
    from django.test import override_settings

    with override_settings(API_PAR_MINUTE=10**9):  # this process asks more than a network may
        return compare(options.nombre, options.graine)


def compare(nombre: int, graine: int) -> int:
    """Returns 1 if one of `nombre` selections of a list differs."""
    from django.http import QueryDict

    from fiches import registre
    from labacces.recherche import SITE
    from socle.catalogue.selection import Selection

    rng, wrong = random.Random(graine), 0
    for declaration in [*registre.types(), SITE]:
        site, empty = Site(declaration), Selection(declaration, QueryDict())
        published = declaration.model.objects.published()
        titles = published.values_list("titre", flat=True)
        words = sorted({word for title in titles for word in re.findall(r"[^\W\d_]{4,}", title)})
        sizes = []
        for rank in range(nombre):
            query = urlencode(asked(rng, empty, words) if rank else {}, doseq=True)
            sizes.append(Selection(declaration, QueryDict(query)).total)
            for difference in site.differences(query):
                wrong += 1
                print(f"{declaration.lien}?{query}\n  {difference}")
        if sizes[0] != published.count():
            wrong += 1
            print(f"{declaration.lien}: {sizes[0]} sheets where {published.count()} are published")
        some = sum(map(bool, sizes))
        print(f"{declaration.nom_pluriel}: {nombre} selections, {some} of them with sheets, {max(sizes)} at most")
    print("every view holds the same sheets" if not wrong else f"{wrong} differences")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
