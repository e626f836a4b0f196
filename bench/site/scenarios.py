"""The same questions as our address, as Datasette's address, and as plain SQL.

Each scenario draws many values with the seed, so that no side just remembers one address.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from bench.site.records import COMMON, MIDDLING, RARE

PER_PAGE = 10
ASKED = 180  # questions per scenario: as many as are timed, so that few reach one worker twice
PAGES = 40
# As many values as our page shows of a short facet; of a long one ours shows seven, theirs twenty.
VALUES = "20"
FACETS = [("_facet", name) for name in ("region", "departement_code", "intercommunalite", "tranche")]
FACETS += [("_facet_array", "themes"), ("_facet_size", VALUES), ("_size", str(PER_PAGE))]
COUNTS = [
    *(f"SELECT {name}, count(*) FROM projets WHERE {{}} GROUP BY 1" for _, name in FACETS[:4]),
    "SELECT value, count(*) FROM projets, json_each(projets.themes) WHERE {} GROUP BY 1",
]


@dataclass(frozen=True)
class Question:
    """`where` and `values` ask the flat table for the same rows, `after` a key for the same page (None: one row)."""

    ours: str
    theirs: str
    where: str
    values: tuple = ()
    after: int | None = 0


def plain(base: sqlite3.Connection, question: Question) -> int:
    """Answers by SQL alone, without drill-sideways or a page; returns how many rows match."""
    if question.after is None:
        return len(base.execute(f"SELECT * FROM projets WHERE {question.where}", question.values).fetchall())
    total = base.execute(f"SELECT count(*) FROM projets WHERE {question.where}", question.values).fetchone()[0]
    page = f"SELECT * FROM projets WHERE {question.where} AND identifiant > ? ORDER BY identifiant LIMIT {PER_PAGE}"
    base.execute(page, (*question.values, question.after)).fetchall()
    for count in COUNTS:
        base.execute(count.format(question.where), question.values).fetchall()
    return total


@lru_cache(maxsize=ASKED)
def counted(base: sqlite3.Connection, where: str, values: tuple) -> int:
    """How many rows match; cached, as few questions differ in that."""
    return base.execute(f"SELECT count(*) FROM projets WHERE {where}", values).fetchone()[0]


def question(base, rng: Random, ours: dict, theirs: dict, where: str = "1", values: tuple = ()) -> Question:
    """A list, at one of its first pages: the same number on both sides."""
    total = counted(base, where, values)
    page = rng.randint(1, max(1, min(PAGES, total // PER_PAGE)))
    after = 0
    if page > 1:
        keys = f"SELECT identifiant FROM projets WHERE {where} ORDER BY identifiant LIMIT 1 OFFSET ?"
        after = base.execute(keys, (*values, (page - 1) * PER_PAGE - 1)).fetchone()[0]
        ours, theirs = ours | {"page": page}, theirs | {"_next": after}
    address = f"/projets/?{urlencode(ours)}" if ours else "/projets/"
    return Question(address, f"/projets/projets?{urlencode([*theirs.items(), *FACETS])}", where, values, after)


def lists(base, rng):
    return [question(base, rng, {}, {}) for _ in range(ASKED)]


def departements(base, rng):
    rows = base.execute("SELECT DISTINCT departement_code FROM projets WHERE departement_code > '' ORDER BY 1")
    codes = [code for (code,) in rows]
    rng.shuffle(codes)
    codes = (codes * ASKED)[:ASKED]
    return [
        question(base, rng, {"departement": code}, {"departement_code": code}, "departement_code = ?", (code,))
        for code in codes
    ]


def three_filters(base, rng):
    """Région, département, theme and bounds of an amount, from records that exist."""
    rows = base.execute(
        "SELECT departement_code, region, adresses.slug, theme, montant_eur FROM projets,"
        " json_each(projets.themes) JOIN adresses ON theme = value WHERE departement_code > '' AND montant_eur > 0"
        " ORDER BY identifiant LIMIT 2000"
    ).fetchall()
    regions = dict(base.execute("SELECT nom, code FROM regions"))
    asked = []
    for code, region, slug, theme, amount in rng.sample(rows, min(ASKED, len(rows))):
        low, high = round(amount / 2), round(amount * 2)
        ours = {"region": regions[region], "departement": code, "theme": slug, "montant_min": low, "montant_max": high}
        theirs = {"region": region, "departement_code": code, "themes__arraycontains": theme}
        theirs |= {"montant_eur__gte": low, "montant_eur__lte": high}
        where = (
            "region = ? AND departement_code = ? AND ? IN (SELECT value FROM json_each(projets.themes))"
            " AND montant_eur >= ? AND montant_eur <= ?"
        )
        asked.append(question(base, rng, ours, theirs, where, (region, code, theme, low, high)))
    return asked


def searched(words):
    where = "identifiant IN (SELECT rowid FROM projets_fts WHERE projets_fts MATCH ?)"
    return lambda base, rng: [
        question(base, rng, {"q": word}, {"_search": word}, where, (f'"{word}"',)) for word in (words * ASKED)[:ASKED]
    ]


def sheets(base, rng):
    rows = base.execute("SELECT identifiant, url FROM projets ORDER BY identifiant").fetchall()
    return [
        Question(urlsplit(url).path, f"/projets/projets/{key}", "identifiant = ?", (key,), None)
        for key, url in rng.sample(rows, min(ASKED, len(rows)))
    ]


@dataclass(frozen=True)
class Scenario:
    cle: str
    nom: str
    ask: Callable[[sqlite3.Connection, Random], list[Question]]


SCENARIOS = [
    Scenario("liste", "list, five facets", lists),
    Scenario("departement", "a département", departements),
    Scenario("filtres", "région, département, theme and amounts", three_filters),
    Scenario("mot-courant", "a common word (20 % of the sheets)", searched(COMMON)),
    Scenario("mot-moyen", "a middling word (1 %)", searched(MIDDLING)),
    Scenario("mot-rare", "a rare word", searched(RARE)),
    Scenario("fiche", "a sheet", sheets),
]


def open_flat(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def questions(path: Path, scenario: Scenario, seed: int) -> list[Question]:
    base = open_flat(path)
    try:
        return scenario.ask(base, Random(f"{seed} {scenario.cle}"))
    finally:
        base.close()
