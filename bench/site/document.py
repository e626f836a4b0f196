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
BASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def keep(folder: Path, run: dict) -> None:
    """Keep a run in place of the one before of the same size and database."""
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
    """Write the sections of the runs that are kept in place of those of the same size and database.

    What was measured elsewhere stays, and what is said by hand, from VUES on.
    """
    said, _, by_hand = target.read_text().partition(VUES)
    sections = [f"## {one.strip()}" for one in said.split("\n## ")[1:]]
    sections += [section(json.loads(path.read_text())) for path in (folder / "mesures").glob("*.json")]
    last = {_measured(one): one for one in sections}
    target.write_text("\n\n".join([HEAD.strip(), *(last[key] for key in sorted(last)), VUES + by_hand]))


def _measured(section: str) -> tuple[bool, int]:
    """Whether it is on PostgreSQL, how many sheets."""
    heading = section.partition("\n")[0]
    return heading.endswith(BASES["postgres"]), int(heading.split()[1])
