"""How long a search and a completion take, as a page, in a site of 5 000 sheets.

    python bench/vitesse_recherche.py [--sheets 5000] DATABASE_URL…

Each DATABASE_URL names a throw-away database that does not exist yet. Sheets are made up (bench/csv_100k.py) and
indexed. Prints the median time of each address, in one process, without a server in between.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.csv_100k import FILL  # noqa: E402 - the path first
from bench.kill import create, run  # noqa: E402

TIMES = 15
INDEX = """
import django
django.setup()
import time
from fiches.indexation import index_fiches
from projets.models import Projet
start = time.perf_counter()
index_fiches(Projet.objects.published())
print(f"{'index of all sheets':55} {(time.perf_counter() - start) * 1000:9.1f} ms")
"""
ASK = """
import os, statistics, sys, time
os.environ |= {"DEBUG": "oui", "HTTPS": "non"}
import django
django.setup()
from django.test import Client
client = Client(HTTP_HOST="127.0.0.1")
times, *addresses = sys.argv[1:]
for address in addresses:
    taken = []
    for _ in range(int(times)):
        start = time.perf_counter()
        status = client.get(address, headers={"accept": "application/json"}).status_code
        taken.append(time.perf_counter() - start)
        assert status == 200, address
    print(f"{address:55} {statistics.median(taken) * 1000:9.1f} ms")
"""
ADDRESSES = [
    "/recherche/?q=rennes",
    "/recherche/?q=cantine",
    "/recherche/?q=portail+famille+cantine",
    "/recherche/?q=fibre+brest",
    "/recherche/?q=cantinne",
    "/projets/?q=cantine&departement=22",
    "/recherche/completion/?q=can",
    "/recherche/completion/?q=portail+fam",
    "/recherche/completion/?q=ren",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--sheets", type=int, default=5_000)
    options = parser.parse_args()
    for url in options.urls:
        create(url)
        run(url, "-c", FILL, str(options.sheets))
        print(f"\n{url.split('://')[0]}, {options.sheets} sheets")
        print(run(url, "-c", INDEX), end="")
        print(run(url, "-c", ASK, str(TIMES), *ADDRESSES), end="")


if __name__ == "__main__":
    main()
