"""Times both sides in turn, in one run: each question goes to Datasette, to the site, to SQLite."""

import json
import re
import sqlite3
import sys
import time
from itertools import cycle
from pathlib import Path
from statistics import median

from bench.site.floors import Measure
from bench.site.scenarios import SCENARIOS, Question, Scenario, open_flat, plain, questions
from bench.site.servers import PATIENCE, WORKERS, Server, Visitor, download

STATUS = re.compile(r'role="status">\s*([\d\s\u202f\u00a0]*)')
# For one answer of Datasette, at most, and in the time that it took. Slow answers still give a median, and neither side
# works longer than the other, which a busy machine would punish.
OURS_IN_TURN = 3
FEWEST, MOST = 5, 60  # turns
FEW = 10


def total_of(html: str) -> int:
    """The number of records that our page announces."""
    digits = "".join(re.findall(r"\d", STATUS.search(html)[1]))
    return int(digits or 0)


def check_same(site: Visitor, datasette: Visitor, base: sqlite3.Connection, asked: list[Question]) -> None:
    """SystemExit unless both sides count the rows of the flat table: otherwise the questions would differ."""
    for question in asked[:3]:
        status, _, body, _ = site.get(question.ours)
        if status != 200:
            sys.exit(f"{question.ours} answers {status}")
        if question.after is None:
            continue
        path, _, words = question.theirs.partition("?")
        _, _, counted, _ = answer_of(datasette, f"{path}.json?_nofacet=1&{words}")
        rows = json.loads(counted).get("filtered_table_rows_count")
        if not total_of(body.decode()) == rows == plain(base, question):
            sys.exit(f"{question.ours} counts {total_of(body.decode())}, {question.theirs} {rows}")


def answer_of(datasette: Visitor, address: str) -> tuple:
    """It closes connections idle for five seconds, so a new one is tried then."""
    try:
        return datasette.get(address)
    except ConnectionError:
        return datasette.get(address)


def theirs_in(visitor: Visitor, address: str) -> float | None:
    """Returns ms, or None if Datasette does not answer within PATIENCE or leaves a facet out for its own limits."""
    try:
        status, _, body, spent = answer_of(visitor, address)
    except TimeoutError:
        return None
    if status not in (200, 400):
        sys.exit(f"Datasette answers {status} to {address}")
    return spent if status == 200 and b"facets timed out" not in body else None


def ours_in(visitor: Visitor, address: str) -> float:
    """Returns ms; TimeoutError after PATIENCE, SystemExit if the answer is no page."""
    status, _, _, spent = visitor.get(address)
    if status != 200:
        sys.exit(f"{address} answers {status}")
    return spent


def compare(scenario: Scenario, site: Server, datasette: Server, flat: Path, *, seed: int, seconds: float) -> Measure:
    """Times one scenario. Datasette is restarted if it may still work on an unanswered question."""
    asked = questions(flat, scenario, seed)
    ours, theirs, raw = [], [], []
    visitor, other, base = Visitor(site), Visitor(datasette), open_flat(flat)
    theirs_answers, notes = True, []
    ours_asked, theirs_asked, raw_asked = cycle(asked), cycle(asked), cycle(asked)
    try:
        check_same(visitor, other, base, asked)
        for question in asked[-2 * WORKERS :]:
            ours_in(visitor, question.ours)  # every worker has met the scenario
        begun, before = time.perf_counter(), (datasette.processor(), site.processor())
        for turn in range(MOST):
            spent = time.perf_counter() - begun
            if spent > seconds and (turn >= FEWEST or spent > 4 * seconds):
                break
            if theirs_answers:
                one = theirs_in(other, next(theirs_asked).theirs)
                theirs_answers = one is not None
                theirs += [one] if theirs_answers else []
            until = sum(ours) + (theirs[-1] if theirs else 0)
            for _ in range(OURS_IN_TURN):
                ours.append(ours_in(visitor, next(ours_asked).ours))
                if sum(ours) > until:
                    break
            if sum(raw) < 1000 * seconds / 4:
                start = time.perf_counter()
                plain(base, next(raw_asked))
                raw.append((time.perf_counter() - start) * 1000)
        after = datasette.processor(), site.processor()
    except TimeoutError:
        ours = []
        notes.append(f"the site gave no answer within {PATIENCE} s")
    base.close()
    if not theirs_answers:
        theirs = []
        notes.append(f"Datasette gave no complete answer within {PATIENCE} s")
    elif len(theirs) < FEW:
        notes.append(f"{len(theirs)} answers of Datasette")
    times = [median(one) if one else None for one in (theirs, ours, raw)]
    best = [min(one, default=None) for one in (theirs, ours)]
    if theirs and ours:
        best += [(b - a) / len(one) for a, b, one in zip(before, after, (theirs, ours), strict=True)]
    return Measure(scenario.cle, scenario.nom, *times, *best, note=", ".join(notes))


def unchanged(site: Server, flat: Path, *, seed: int, times: int = 60) -> Measure:
    """Our 304 beside our 200, for the same lists."""
    scenario, name = SCENARIOS[0], "a list that has not changed: 304 beside our 200"
    asked = [question.ours for question in questions(flat, scenario, seed)]
    visitor, full, short = Visitor(site), [], []
    for address in (asked * times)[:times]:
        status, headers, _, spent = visitor.get(address)
        full.append(spent)
        validators = {"If-None-Match": headers["ETag"]} if headers["ETag"] else {}
        status, _, _, spent = visitor.get(address, validators)
        if status == 304:
            short.append(spent)
    answered = len(short) == times
    note = "" if answered else f"{len(short)} of {times} answers were a 304"
    return Measure("inchangee", name, median(full), median(short) if answered else None, note=note)


def csv_whole(site: Server, datasette: Server, flat: Path, sheets: int, *, rounds: int) -> Measure:
    """ms for 1 000 rows of the whole file."""
    ours, theirs, raw = [], [], []
    for _ in range(rounds):
        theirs.append(download(datasette, "/projets/projets.csv?_stream=on&_size=max"))
        ours.append(download(site, "/projets.csv"))
        base = open_flat(flat)
        start = time.perf_counter()
        rows = sum(1 for _ in base.execute("SELECT * FROM projets ORDER BY identifiant"))
        raw.append((time.perf_counter() - start) * 1000 / (rows / 1000))
        base.close()
    for side, files in (("the site", ours), ("Datasette", theirs)):
        if any(file["rows"] != sheets or file["status"] != 200 for file in files):
            sys.exit(f"The CSV of {side} does not hold {sheets} rows: {files}")
    mine, other = (sorted(files, key=lambda file: file["seconds"])[(len(files) - 1) // 2] for files in (ours, theirs))
    note = ", ".join(
        f"{name} {file['rows'] / file['seconds']:.0f} rows/s, first byte {file['first']:.0f} ms, "
        f"{max(one['peak'] for one in files):.0f} MB above idle at its peak"
        for name, file, files in (("Datasette", other, theirs), ("the site", mine, ours))
    )
    spent = [1e6 * file["seconds"] / file["rows"] for file in (other, mine)]
    return Measure("csv", "whole CSV, ms for 1 000 rows", *spent, median(raw), note=note)
