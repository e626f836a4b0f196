"""Answers that a process holds until the data change.

    says = held(("accueil",), what_home_says)           # of all the data
    sets = held(("ensembles", "projet"), load, "projet", COMMUN)

Each asks the versions first, in one query of a few rows, so that every process of every machine answers by what was
committed before the question; what is computed while somebody writes is held under the version before.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from uuid import uuid4

from django.conf import settings
from django.db import connection

from socle.memoire.triggers import MIGRATION

_held: "OrderedDict[Hashable, tuple[tuple, object]]" = OrderedDict()
_lock = Lock()

_ALL = "SELECT nom, jeton FROM memoire_versiondedonnees ORDER BY nom, id"
# Within a transaction that writes, its own variable tells what its rows do not (triggers.py).
_ALL_POSTGRESQL = """
SELECT nom, jeton, coalesce(current_setting('memoire.' || nom, true), '')
FROM memoire_versiondedonnees ORDER BY nom, id"""


_moment: "ContextVar[Versions | None]" = ContextVar("versions that a question is answered at", default=None)


class Versions:
    """The versions of all data at one moment."""

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute(_ALL_POSTGRESQL if connection.vendor == "postgresql" else _ALL)
            self.rows = tuple(cursor.fetchall())
        if any(row[0] == MIGRATION for row in self.rows):  # no trigger tells what changes: nothing is as it was
            self.rows += ((MIGRATION, uuid4().hex),)

    @classmethod
    def now(cls) -> "Versions":
        """Those of this moment; within `at_one_moment`, those of its beginning."""
        return _moment.get() or cls()

    def of(self, *noms: str) -> tuple:
        """The version of what these names stand for; of all without a name."""
        return tuple(row for row in self.rows if row[0] in (*noms, MIGRATION)) if noms else self.rows


@contextmanager
def at_one_moment():
    """Read the versions once for all that is asked within, which writes nothing that it reads."""
    versions = Versions()
    token = _moment.set(versions)
    try:
        yield versions
    finally:
        _moment.reset(token)


def held(
    key: Hashable, compute: Callable[[], object], *noms: str, versions: Versions | None = None, moment: Hashable = None
):
    """What `compute` answers, held by this process as long as the data of `noms` (all without) do not change.

    `key` says what is asked, and of whom. `versions`: as read before, for who asks several things at one moment.
    `moment`: of the clock, for an answer that changes with it. The answers least asked for leave first, beyond
    settings.REPONSES_TENUES.
    """
    version = (moment, *(versions or Versions.now()).of(*noms))
    with _lock:
        found = _held.get(key)
        if found and found[0] == version:
            _held.move_to_end(key)
            return found[1]
    answer = compute()
    with _lock:
        _held[key] = (version, answer)
        _held.move_to_end(key)
        while len(_held) > settings.REPONSES_TENUES:
            _held.popitem(last=False)
    return answer


def forget() -> None:
    """Forget all answers: for who measures what they cost."""
    with _lock:
        _held.clear()
