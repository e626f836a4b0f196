"""Compares our site and Datasette on the same made-up records, in turn, in one run: ratios and their floors.

    python -m bench.site [--tailles 2000,20000] [--base sqlite|postgres] [--ecrire]   the table; 1 if a floor gives way
    python -m bench.site --profil liste [--tailles 20000]                             where the time goes
    python -m bench.site --charge [--clients 16]                                      many readers and a writer

Data are kept in var/bench/ for the next run. Only pip, for Datasette, leaves the loopback.
"""

import argparse
import hashlib
import json
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from os import getloadavg
from pathlib import Path

from bench.kill import ROOT, create
from bench.site import charge, document, floors, measure
from bench.site.fill import SEED
from bench.site.scenarios import SCENARIOS
from bench.site.servers import DATASETTE, install_datasette, site_environment, start_datasette, start_site

POSTGRES = "postgres://postgres@127.0.0.1:5432"
SECONDS = 8  # of each scenario; four times as many where Datasette is slow


def key() -> str:
    """Changes when the generator or the tables of the site do."""
    said = hashlib.sha256()
    for name in ("records.py", "fill.py", "copies.py"):
        said.update((ROOT / "bench" / "site" / name).read_bytes())
    for path in sorted(ROOT.glob("[!.]*/**/migrations/0*.py")):
        said.update(path.name.encode())
    return said.hexdigest()[:10]


class Data:
    """The files of one size: the site's database, the flat one, the media."""

    def __init__(self, folder: Path, base: str, sheets: int, seed: int):
        name = f"{base}-{sheets}-{seed}-{key()}"
        self.folder = folder / name
        self.flat = self.folder / "projets.db"
        self.done = self.folder / "complet"
        postgres = f"{POSTGRES}/banc_{name.partition('-')[2].replace('-', '_')}"
        self.url = postgres if base == "postgres" else f"sqlite:///{self.folder / 'site.sqlite3'}"
        self.sheets, self.seed = sheets, seed

    def make(self) -> "Data":
        """Makes them unless an earlier run did."""
        if self.done.exists():
            return self
        if self.folder.exists():
            shutil.rmtree(self.folder)  # a run that was cut short
            drop(self.url)
        self.folder.mkdir(parents=True)
        print(f"Making {self.sheets} sheets…", flush=True)
        create(self.url)
        self.run("bench.site.fill", self.sheets, self.flat, "--seed", self.seed)
        self.done.touch()
        return self

    def command(self, module: str, *arguments) -> dict:
        env = site_environment(self.url, self.folder)
        return {"args": [sys.executable, "-m", module, *map(str, arguments)], "cwd": ROOT, "env": env}

    def run(self, module: str, *arguments, **options):
        return subprocess.run(**self.command(module, *arguments), check=True, text=True, **options)

    def inside(self) -> list[dict]:
        return json.loads(
            self.run("bench.site.inside", "temps", self.flat, "--seed", self.seed, stdout=subprocess.PIPE).stdout
        )


def drop(url: str) -> None:
    if url.startswith("postgres"):
        import psycopg

        server, _, name = url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg.sql.Identifier(name)))


def compare(data: Data, datasette: Path, only: list[str], seconds: float) -> dict:
    measures = []

    def take(one):
        measures.append(one)
        print(floors.table([one], data.sheets).splitlines()[2], flush=True)

    with start_site(data.url, data.folder) as site:
        server = start_datasette(datasette, data.flat, data.folder)
        try:
            for scenario in SCENARIOS:
                if not only or scenario.cle in only:
                    one = measure.compare(scenario, site, server, data.flat, seed=data.seed, seconds=seconds)
                    take(one)
                    if one.theirs is None:
                        server.__exit__()
                        server = start_datasette(datasette, data.flat, data.folder)
            if not only or "inchangee" in only:
                take(measure.unchanged(site, data.flat, seed=data.seed))
            if not only or "csv" in only:
                rounds = 3 if data.sheets <= 20_000 else 1
                take(measure.csv_whole(site, server, data.flat, data.sheets, rounds=rounds))
        finally:
            server.__exit__()
    return {"mesures": [asdict(one) for one in measures], "dedans": [] if only else data.inside()}


def machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    cores = len(Path("/proc/cpuinfo").read_text().split("processor\t")) - 1
    names = ", ".join(f"{name} {version(name)}" for name in ("Django", "gunicorn"))
    return (
        f"{cores} cores, {memory:.0f} GB, load {getloadavg()[0]:.1f}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {names}, Datasette {DATASETTE}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tailles", default="2000,20000", help="sizes, separated by commas")
    parser.add_argument("--base", choices=["sqlite", "postgres"], default="sqlite", help="the site's database")
    parser.add_argument("--seules", default="", help="these scenarios alone, separated by commas")
    parser.add_argument("--secondes", type=float, default=SECONDS, help="of each scenario")
    parser.add_argument("--ecrire", action="store_true", help="write docs/performances.md from all runs that are kept")
    parser.add_argument("--profil", metavar="SCENARIO", help="print where the time of a scenario goes, in process")
    parser.add_argument("--lignes", type=int, default=30, help="of the profile")
    parser.add_argument("--charge", action="store_true", help="many readers and a writer")
    parser.add_argument("--clients", type=int, default=16, help="of --charge")
    parser.add_argument("--dossier", type=Path, default=ROOT / "var" / "bench", help="where data are kept")
    parser.add_argument("--graine", type=int, default=SEED, help="seed")
    options = parser.parse_args()
    sizes = [int(size) for size in options.tailles.split(",")]
    folder = options.dossier.resolve()
    every = [Data(folder, options.base, size, options.graine) for size in sizes]
    if options.profil:
        data = every[-1].make()
        words = ["--seed", data.seed, "--scenario", options.profil, "--lines", options.lignes]
        data.run("bench.site.inside", "profil", data.flat, *words)
        return
    if options.charge:
        data = every[-1].make()
        print(charge.report(data, options.clients))
        return
    datasette = install_datasette(folder / f"datasette-{DATASETTE}")
    only = list(filter(None, options.seules.split(",")))
    given_way = []
    for data in every:
        data.make()
        print(f"\n{data.sheets} sheets, {options.base} ({machine()})", flush=True)
        begun = time.monotonic()
        kept = compare(data, datasette, only, options.secondes)
        kept |= {"sheets": data.sheets, "base": options.base, "date": str(date.today()), "machine": machine()}
        if not only:
            document.keep(folder, kept)
        print(f"\n{document.section(kept)}\n({time.monotonic() - begun:.0f} s)", flush=True)
        given_way += floors.broken([floors.Measure(**one) for one in kept["mesures"]], data.sheets)
    if options.ecrire:
        document.write(folder, ROOT / "docs" / "performances.md")
    print("\n".join(given_way) or "Every floor holds.")
    sys.exit(bool(given_way))


if __name__ == "__main__":
    main()
