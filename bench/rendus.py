"""Measures each view of a long list: ms of processor beside the list's page under the same filters, and memory.

    python -m bench.rendus temps [--tailles 100000] [--base sqlite|postgres] [--seules carte,api]
    python -m bench.rendus memoire [--tailles 10000,100000]
    python -m bench.rendus profil --seules carte [--criteres borne]

The records are those of `make bench`, in var/bench/. Times are of one process without a server, in pairs with the page;
for a file, up to its first block. « After a change »: for the first reader after a save. « First »: in a new process.
Memory: the peak above a process that has shown the page (for the page: above one that has not); files are read but not
kept, and a workbook holds the longest selection that it may.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode

from bench.csv_100k import memory
from bench.kill import ROOT
from bench.site.__main__ import Data
from bench.site.fill import SEED
from bench.site.scenarios import COMMON

PAIRS = 15
COLD = 5
VIEWS = {
    "page": "/projets/",
    "tableau": "/projets/tableau/",
    "carte": "/projets/carte/",
    "chiffres": "/projets/chiffres/",
    "api": "/api/v1/projets",
    "facettes": "/api/v1/projets/facettes",
    "csv": "/projets.csv",
    "json": "/projets.json",
    "jsonl": "/projets.jsonl",
    "geojson": "/projets.geojson",
    "chiffres.csv": "/projets/chiffres.csv",
    "atom": "/projets.atom",
}
WORKBOOKS = {"xlsx": "/projets.xlsx", "ods": "/projets.ods"}
MEASURED = ("page", "api", "facettes", "carte", "chiffres", "csv", "json", "jsonl", "geojson")


def criteria(flat: Path) -> dict[str, Callable[[Random], dict]]:
    """{name: random criteria of a selection that holds records}."""
    with closing(sqlite3.connect(flat)) as base:
        rows = base.execute("SELECT DISTINCT departement_code FROM projets WHERE departement_code > '' ORDER BY 1")
        codes = [code for (code,) in rows]
    return {
        "tout": lambda rng: {},
        "borne": lambda rng: {"montant_min": rng.randrange(1000, 9000), "montant_max": rng.randrange(12000, 60000)},
        "departement": lambda rng: {"departement": rng.choice(codes)},
        "mot": lambda rng: {"q": rng.choice(COMMON)},
    }


def ask(client, path: str, asked: dict, *, whole: bool = False) -> float:
    """ms of processor until the answer, or its first block, is there; `whole`: until its end."""
    start = time.process_time()
    response = client.get(path, asked)
    if response.status_code != 200:
        sys.exit(f"{path}?{urlencode(asked)} answers {response.status_code}")
    if response.streaming:
        blocks = iter(response.streaming_content)
        for _ in blocks if whole else islice(blocks, 2):  # the second is the first that holds records
            pass
    return (time.process_time() - start) * 1000


def apart(play: Callable[[], float]) -> float:
    """Calls `play` in a process forked from this one."""
    from django.db import connections

    connections.close_all()
    read, write = os.pipe()
    if not (pid := os.fork()):
        os.write(write, str(play()).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(write)
    with os.fdopen(read) as told:
        return float(told.read())


def times(client, flat: Path, only: list[str]) -> Iterator[str]:
    from projets.filters import ProjetFilterSet
    from socle.annuaire.models import inscrire_fiches

    yield "| View | Criteria | The page | The view | Ratio | After a change | First |\n|---|---|---|---|---|---|---|"
    firsts = {
        (view, name): apart(lambda path=path, draw=draw: ask(client, path, draw(Random(SEED))))
        for name, draw in criteria(flat).items()
        for view, path in VIEWS.items()
        if not only or view in only
    }
    for name, draw in criteria(flat).items():
        for view, path in VIEWS.items():
            if only and view not in only:
                continue
            rng, page, spent, cold = Random(SEED), [], [], []
            asked = [draw(rng) for _ in range(PAIRS + 1)]
            for rank, one in enumerate(asked):
                here = ask(client, VIEWS["page"], one), ask(client, path, one)
                if rank:  # the first fills the cache
                    page.append(here[0])
                    spent.append(here[1])
            for one in asked[:COLD]:
                inscrire_fiches(ProjetFilterSet.public().values_list("pk", flat=True)[:1])
                cold.append(ask(client, path, one))
            ratio = median(spent) / median(page)
            figures = f"{median(page):.0f} | {median(spent):.0f} | {ratio:.1f} | {median(cold):.0f}"
            yield f"| {view} | {name} | {figures} | {firsts[view, name]:.0f} |"


def peak(client, path: str, asked: dict) -> float:
    """MB at the peak of an answer read to its end, above this process after the page of the list."""
    if path != VIEWS["page"]:
        ask(client, VIEWS["page"], {})
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    idle = memory("self", "VmRSS")
    ask(client, path, asked, whole=True)
    return memory("self", "VmHWM") - idle


def memories(client, flat: Path, only: list[str]) -> dict[str, float]:
    """{view: MB at its peak, in a process that has read nothing of the list}."""
    asked = {view: (VIEWS[view], {}) for view in MEASURED} | {
        view: (path, longest(flat)) for view, path in WORKBOOKS.items()
    }
    return {view: apart(lambda one=one: peak(client, *one)) for view, one in asked.items() if not only or view in only}


def longest(flat: Path) -> dict:
    """Départements that fill a workbook together."""
    from socle.tableur.classeur import ROWS

    with closing(sqlite3.connect(flat)) as base:
        rows = base.execute("SELECT departement_code, count(*) FROM projets GROUP BY 1 ORDER BY 2 DESC").fetchall()
    if sum(count for _, count in rows) <= ROWS:
        return {}
    chosen, left = [], ROWS
    for code, count in rows:
        if code and count <= left:
            chosen.append(code)
            left -= count
    return {"departement": chosen}


def profile(client, flat: Path, only: list[str], name: str) -> None:
    import cProfile
    import pstats

    rng, draw = Random(SEED), criteria(flat)[name]
    for view in only:
        ask(client, VIEWS[view], draw(rng))
        profiler = cProfile.Profile(time.process_time)
        for _ in range(PAIRS):
            one = draw(rng)
            profiler.enable()
            ask(client, VIEWS[view], one)
            profiler.disable()
        stats = pstats.Stats(profiler).strip_dirs()
        stats.sort_stats("cumulative").print_stats(45)
        stats.sort_stats("tottime").print_stats(20)


def inside(options) -> None:
    from django.test import Client

    import labacces.wsgi  # noqa: F401 - as a worker starts

    client, only = Client(HTTP_HOST="127.0.0.1"), [one for one in options.seules.split(",") if one]
    client.get("/glossaire/")  # loads addresses and templates, reads no record of the list
    if options.what == "temps":
        for row in times(client, options.flat, only):
            print(row, flush=True)
    elif options.what == "memoire":
        print(json.dumps(memories(client, options.flat, only)))
    else:
        profile(client, options.flat, only, options.criteres)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["temps", "memoire", "profil"])
    parser.add_argument("--tailles", default="", help="sizes, separated by commas")
    parser.add_argument("--base", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seules", default="", help="views, separated by commas")
    parser.add_argument("--criteres", default="borne", help="of what is profiled")
    parser.add_argument("--dossier", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--flat", type=Path, help=argparse.SUPPRESS)  # for the process within the site
    options = parser.parse_args()
    if options.flat:
        inside(options)
        return
    usual = "10000,100000" if options.what == "memoire" else "100000"
    found = {}
    for size in map(int, (options.tailles or usual).split(",")):
        data = Data(options.dossier, options.base, size, SEED).make()
        passed = ["--seules", options.seules, "--criteres", options.criteres, "--flat", data.flat]
        command = data.command("bench.rendus", options.what, *passed)
        command["env"] |= {"API_PAR_MINUTE": "1000000"}
        if options.what == "memoire":
            found[size] = json.loads(subprocess.run(**command, check=True, stdout=subprocess.PIPE).stdout)
        else:
            print(f"{size} sheets, {options.base}", flush=True)
            subprocess.run(**command, check=True)
    if found:
        print("| MB above idle at the peak |", " | ".join(f"{size} sheets" for size in found), "|")
        print("|---" * (len(found) + 1) + "|")
        for view in next(iter(found.values())):
            print(f"| {view} |", " | ".join(f"{one[view]:.0f}" for one in found.values()), "|")


if __name__ == "__main__":
    main()
