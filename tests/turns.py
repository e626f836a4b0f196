"""Which tests a run plays: all, or of what costs most a part, another each day (CONTRIBUTING.md says which)."""

import os
import subprocess
from datetime import date
from pathlib import Path

from django.conf import settings

POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
_DATABASE = {"db", "transactional_db", "django_db_setup"}  # fixtures of pytest-django

# Whether all cases are played of what is exhaustive by number or by size: by the SQLite run of `.ci/run`, by `make
# costly`, and by `pytest -m securite`. Else a part is, and on SQLite tests marked `long` are left out.
EVERYTHING = os.environ.get("HYPOTHESIS_PROFILE", "dev") != "dev"
SECURITE = False  # whether `pytest -m securite` plays: every attack is sent then, to the database that production has
# Where that part starts: elsewhere each day, so that all are played in turn. The processes of one run share it.
DEPART = int(os.environ.setdefault("SPREAD", str(date.today().toordinal())))
DAYS = 3 if POSTGRES else 7  # that tests played in turn take to be played all: a week of `make test`
FINISHED = "reprise/"  # the room whose files of tests are played in turn, as long as it is left as it is
COSTLY = frozenset((Path(__file__).parent / "costly.txt").read_text().split())  # written by `make costly`


def play(*, securite: bool) -> None:
    """Take note of what the command line asks for."""
    global EVERYTHING, SECURITE
    SECURITE = securite
    EVERYTHING = EVERYTHING or SECURITE


def said() -> str:
    """What plays the same part again."""
    return "everything is played" if EVERYTHING else f"SPREAD={DEPART}"


class Part(list):
    """Cases that were chosen among many already."""


def spread(cases, *, one_in: int = 0, kind=None, attack: bool = False, days: int = 1) -> list:
    """All of the cases if everything is played; else one in so many, or one of each `kind(case)`, others each day.

    A range is a size, of which a part is always the same. `attack`: all are played by `pytest -m securite` alone.
    `days`: of thousands alike, that playing everything takes to have played all.
    """
    whole = SECURITE if attack else EVERYTHING
    if whole:
        return list(cases)[DEPART % days :: days]
    if isinstance(cases, range):
        return list(cases[::one_in])
    groups: dict = {}
    for rank, case in enumerate(cases):
        groups.setdefault(kind(case) if kind else rank // one_in, []).append(case)
    return Part(group[DEPART % len(group)] for group in groups.values())


def left_today(config, items) -> set:
    """Six in seven of the costly tests, of the files of the takeover and, on SQLite, of the cases that a test has.

    None of a file that is named or was changed since the last commit.
    """
    if EVERYTHING or config.option.keyword:
        return set()
    changed = _changed()
    whole = {settings.BASE_DIR / path for path in changed}
    whole |= {Path(arg.partition("::")[0]).resolve() for arg in config.args}
    finished = not any(path.startswith(FINISHED) for path in changed)
    groups: dict = {}
    for item in items:
        name = item.nodeid.partition("[")[0]
        chosen = any(isinstance(mark.args[1], Part) for mark in item.iter_markers("parametrize"))
        of_finished = name.startswith(f"tests/{FINISHED}")
        if item.path in whole or (of_finished and not finished):
            continue
        if name in COSTLY:
            group, one = "costly", item
        elif of_finished and not POSTGRES:
            group, one = FINISHED, item.path
        elif asks_for_the_database(item) and not (chosen or POSTGRES):
            group, one = name, item
        else:
            continue
        groups.setdefault(group, {}).setdefault(one, []).append(item)
    left = set()
    for group in groups.values():
        days = min(DAYS, len(group)) if len(group) > 2 else 1
        left.update(*(items for rank, items in enumerate(group.values()) if rank % days != DEPART % days))
    return left


def _changed() -> set:
    """Paths that differ from the last commit, new ones included; none where git or its folder is missing."""
    git = ["git", "-C", str(settings.BASE_DIR), "status", "--porcelain", "--untracked-files=all", "-z"]
    try:
        answer = subprocess.run(git, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return set()
    return {line[3:] for line in answer.stdout.split("\0") if line}


def asks_for_the_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or _DATABASE & set(item.fixturenames))
