"""docs/performances.md, written from the runs that are kept."""

import json
from pathlib import Path

from bench.site.floors import Measure, table

HEAD = """# How fast the site is

Written by `make bench ARGS=--ecrire` ([what it does](../bench/README.md)): the site under gunicorn and Datasette on the
same made-up sheets, asked in turn in one run by one visitor. Times are medians in ms, with the best in brackets; read
the ratios of the medians, their time ÷ ours: a time belongs to the machine. Datasette's limits are raised until every
answer is complete. « Plain SQL » is the same count, page of ten and facets from one SQLite table, without a page around
them. Each scenario rotates over 180 values and pages, drawn with a seed, so that few answers could be remembered from
the same address (rare words are 24). « Of processor » is the ratio of what an answer took of it, which neighbours touch
least; what PostgreSQL's own processes took is not in it.
"""
VUES = "## The views of a list"


def keep(folder: Path, run: dict) -> None:
    """Keep a run in place of the one before of the same size and database."""
    results = folder / "mesures"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{run['base']}-{run['sheets']}.json").write_text(json.dumps(run, indent=1, ensure_ascii=False))


def section(run: dict) -> str:
    base = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[run["base"]]
    parts = [f"## {run['sheets']} sheets, {base}", f"{run['date']}, {run['machine']}."]
    parts.append(table([Measure(**one) for one in run["mesures"]], run["sheets"]))
    if run["dedans"]:
        lines = ["| In one process, without a server | ms of processor, best | median | queries |", "|---|---|---|---|"]
        lines += [
            f"| {one['nom']} | {one['best']:.1f} | {one['median']:.1f} | {one['queries']} |" for one in run["dedans"]
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def write(folder: Path, target: Path) -> None:
    """Write all but what is said by hand, from VUES on."""
    runs = [json.loads(path.read_text()) for path in (folder / "mesures").glob("*.json")]
    runs.sort(key=lambda run: (run["base"] != "sqlite", run["sheets"]))
    _, by_hand, rest = target.read_text().partition(VUES)
    target.write_text("\n".join([HEAD, *(f"{section(run)}\n" for run in runs), by_hand + rest]))
