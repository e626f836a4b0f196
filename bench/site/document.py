"""Writes docs/performances.md from the runs that are kept."""

import json
from pathlib import Path

from bench.site.floors import Measure, table

HEAD = """# How fast the site is

This page says how long pages take, what grows with the number of records, and which floors are not held.

`make bench ARGS=--ecrire` ([what it does](../bench/README.md)) writes it: one visitor asks the site, under gunicorn,
and Datasette in turn for the same made-up sheets. Times are medians in ms, with the best in brackets. A time belongs
to the machine: read the ratios of the medians, Datasette's time ÷ ours. Datasette's limits are raised until every
answer is complete. « Plain SQL » is the same count, page of ten and facets from one SQLite table, without a page
around them. Each scenario takes turns over 180 values and pages, drawn with a seed (24 rare words), so that few
answers are remembered. « Of processor » is the ratio of processor time, which neighbours touch least; it leaves out
PostgreSQL's own processes.
"""
VUES = "## The views of a list"
BASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def keep(folder: Path, run: dict) -> None:
    """The run replaces the last one of the same size and database."""
    results = folder / "mesures"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{run['base']}-{run['sheets']}.json").write_text(json.dumps(run, indent=1, ensure_ascii=False))


def section(run: dict) -> str:
    parts = [f"## {run['sheets']} sheets, {BASES[run['base']]}", f"{run['date']}, {run['machine']}."]
    parts.append(table([Measure(**one) for one in run["mesures"]], run["sheets"]))
    if run["dedans"]:
        lines = ["| In one process, without a server | ms of processor, best | median | queries |", "|---|---|---|---|"]
        lines += [
            f"| {one['nom']} | {one['best']:.1f} | {one['median']:.1f} | {one['queries']} |" for one in run["dedans"]
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def write(folder: Path, target: Path) -> None:
    """Kept runs replace the sections of the same size and database.

    Other measured sections stay, and so does what was written by hand, from VUES on.
    """
    said, _, by_hand = target.read_text().partition(VUES)
    sections = [f"## {one.strip()}" for one in said.split("\n## ")[1:]]
    sections += [section(json.loads(path.read_text())) for path in (folder / "mesures").glob("*.json")]
    last = {_measured(one): one for one in sections}
    target.write_text("\n\n".join([HEAD.strip(), *(last[key] for key in sorted(last)), VUES + by_hand]))


def _measured(section: str) -> tuple[bool, int]:
    """Returns (whether it is on PostgreSQL, number of records)."""
    heading = section.partition("\n")[0]
    return heading.endswith(BASES["postgres"]), int(heading.split()[1])
