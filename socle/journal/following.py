"""Following the change log: what a process knows of it, brought up to date by one query at the start of a request.

    with at_one_moment() as moment:      # a page: all its questions get answers of this moment
        moment.of("projet")              # the last row that projects depend on

The query begins at the last row that the process knows. If that row is there with the same token, the rows after it are
the changes. If not, this is another database (a restored copy, a replica): the process drops all it holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from threading import Lock

from django.db import connection

from socle.journal.models import Nature

FICHES = "fiches"  # all records, whatever their type
COMMUN = "commun"  # all that is no record: themes, choices, places, pages, settings
CLES = "clés"  # the part of COMMUN that changed keys held by records: a theme left, a place changed region

Numero = tuple[int, int]  # number and token of a row
_BEFORE: Numero = (-1, 0)


@dataclass(frozen=True)
class Moment:
    """What a process knew of the log: its last row, and the last row of each type.

    `epoque` rises each time the process drops all it holds.
    """

    numero: int
    jeton: int
    derniers: Mapping[str, Numero]
    epoque: int

    @classmethod
    def now(cls) -> "Moment":
        """The moment of `at_one_moment`, or else the present."""
        return _moment.get() or follow()

    def of(self, *types: str) -> Numero:
        """The last row of these types (FICHES, COMMUN, CLES too); by default, of all."""
        if not types:
            return self.numero, self.jeton
        return max(self.derniers.get(one, _BEFORE) for one in types)

    def after(self, rows: Iterable[tuple]) -> "Moment":
        """The moment after these rows in order: (number, token, type, nature, record)."""
        derniers, numero, jeton = dict(self.derniers), self.numero, self.jeton
        for numero, jeton, type, nature, entree in rows:
            derniers[type] = numero, jeton
            derniers[COMMUN if entree is None else FICHES] = numero, jeton
            if entree is None and nature == Nature.RETIREE:
                derniers[CLES] = numero, jeton
        return Moment(numero, jeton, derniers, self.epoque)


_moment: "ContextVar[Moment | None]" = ContextVar("moment that a question is answered at", default=None)
_known: Moment | None = None  # read when first needed: each worker begins after its fork
_lock, _epochs = Lock(), count(1)

MOST = 5000  # after more rows, all is read anew
_FROM = "SELECT numero, jeton, type, nature, entree FROM journal_ligne WHERE numero >= %s ORDER BY numero LIMIT %s"
_LAST = "SELECT numero, jeton FROM journal_ligne ORDER BY numero DESC LIMIT 1"
_OF_EACH_TYPE = """
SELECT numero, jeton, type, nature, entree FROM journal_ligne WHERE numero IN (
    SELECT max(numero) FROM journal_ligne WHERE numero <= %s GROUP BY type, nature, entree IS NULL
) ORDER BY numero"""


def in_transaction() -> bool:
    """Whether a transaction is open: what is read now may be rolled back, so answers are not kept."""
    return connection.in_atomic_block


def follow() -> Moment:
    """Catch up with the log. One query; two more in the first call of a process."""
    return _follow() or _begin()


@contextmanager
def at_one_moment() -> Iterator[Moment]:
    """Answer all questions inside as of one moment. The block must not read what it writes."""
    with at_that_moment(Moment.now()) as moment:
        yield moment


@contextmanager
def if_up_to_date() -> Iterator[Moment | None]:
    """Like `at_one_moment`, for a replica: None if it lacks the last row that this process knows."""
    moment = _follow() if _known else _begin()
    with at_that_moment(moment):
        yield moment


@contextmanager
def at_that_moment(moment: Moment | None) -> Iterator[Moment | None]:
    """Answer all questions inside as of an earlier moment."""
    token = _moment.set(moment)
    try:
        yield moment
    finally:
        _moment.reset(token)


def _follow() -> Moment | None:
    """The moment now; None if its last row is gone, or if more than MOST rows came."""
    known = _known
    if known is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FROM, [known.numero, MOST + 1])
        rows = cursor.fetchall()
    if not 0 < len(rows) <= MOST or rows[0][:2] != (known.numero, known.jeton):
        return None
    return _keep(known.after(rows[1:]) if len(rows) > 1 else known)


def _begin() -> Moment:
    """Start from the last row of the log, in a new epoch."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        ((numero, jeton),) = cursor.fetchall()
        cursor.execute(_OF_EACH_TYPE, [numero])
        rows = cursor.fetchall()
    return _keep(Moment(numero, jeton, {}, next(_epochs)).after(rows))


def _keep(moment: Moment) -> Moment:
    global _known
    if not in_transaction():
        with _lock:
            if _known is None or (moment.epoque, moment.numero) > (_known.epoque, _known.numero):
                _known = moment
    return moment


def came(types: Iterable[str], since: int, until: int) -> list[int]:
    """Keys of records of these types whose first row is after `since`, up to `until`."""
    among, types = _among(types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT entree FROM journal_ligne AS une WHERE numero > %s AND numero <= %s {among}
            AND NOT EXISTS (SELECT 1 FROM journal_ligne WHERE entree = une.entree AND numero <= %s)""",  # noqa: S608
            [since, until, *types, since],
        )
        return [entree for (entree,) in cursor.fetchall()]


def changed(types: Iterable[str], since: int, at_most: int) -> list[int] | None:
    """Keys of records of these types changed after row `since`; None if there may be more than `at_most`."""
    types, most = set(types), at_most * 10
    with connection.cursor() as cursor:
        # The query names no type: with types, a database may read all their rows.
        cursor.execute(
            "SELECT type, entree FROM journal_ligne WHERE numero > %s ORDER BY numero LIMIT %s", [since, most]
        )
        rows = cursor.fetchall()
    found = {entree for type, entree in rows if entree is not None and (FICHES in types or type in types)}
    return sorted(found) if len(rows) < most and len(found) <= at_most else None


def _among(types: Iterable[str]) -> tuple[str, list[str]]:
    """The SQL condition and its parameters."""
    types = [] if FICHES in types else list(types)
    return "AND entree IS NOT NULL" + (f" AND type IN ({', '.join(['%s'] * len(types))})" if types else ""), types
