"""Following the change log: what a process knows of it, kept true by one query at the head of a request.

    with at_one_moment() as moment:      # a page: all that is asked within is of this moment
        moment.of("projet")              # the last row that projects depend on

The query begins at the row that the process knows last. If that row is there, with the same token, those after it are
what changed since. If not, the database is another one than it was (a copy was restored, a replica took over): all that
the process holds is dropped.
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
CLES = "clés"  # of these, what changed the keys that records hold: a theme is gone, a place is of another region

Numero = tuple[int, int]  # number and token of a row
_BEFORE: Numero = (-1, 0)


@dataclass(frozen=True)
class Moment:
    """What a process knew of the log at one moment: its last row, and the last one of each type.

    `epoque`: rises each time that the process drops all that it holds.
    """

    numero: int
    jeton: int
    derniers: Mapping[str, Numero]
    epoque: int

    @classmethod
    def now(cls) -> "Moment":
        """This moment; within `at_one_moment`, its beginning."""
        return _moment.get() or follow()

    def of(self, *types: str) -> Numero:
        """The last row of these types (FICHES, COMMUN, CLES among them); of all without any."""
        if not types:
            return self.numero, self.jeton
        return max(self.derniers.get(one, _BEFORE) for one in types)

    def after(self, rows: Iterable[tuple]) -> "Moment":
        """The moment after these rows of the log, (number, token, type, nature, record), in their order."""
        derniers, numero, jeton = dict(self.derniers), self.numero, self.jeton
        for numero, jeton, type, nature, entree in rows:
            derniers[type] = numero, jeton
            derniers[COMMUN if entree is None else FICHES] = numero, jeton
            if entree is None and nature == Nature.RETIREE:
                derniers[CLES] = numero, jeton
        return Moment(numero, jeton, derniers, self.epoque)


_moment: "ContextVar[Moment | None]" = ContextVar("moment that a question is answered at", default=None)
_known: Moment | None = None  # read lazily, so that each worker begins after its fork
_lock, _epochs = Lock(), count(1)

MOST = 5000  # rows that are followed one by one: after more, all is read anew
_FROM = "SELECT numero, jeton, type, nature, entree FROM journal_ligne WHERE numero >= %s ORDER BY numero LIMIT %s"
_LAST = "SELECT numero, jeton FROM journal_ligne ORDER BY numero DESC LIMIT 1"
_OF_EACH_TYPE = """
SELECT numero, jeton, type, nature, entree FROM journal_ligne WHERE numero IN (
    SELECT max(numero) FROM journal_ligne WHERE numero <= %s GROUP BY type, nature, entree IS NULL
) ORDER BY numero"""


def in_transaction() -> bool:
    """Whether what is read now may be rolled back: answers are computed then, and not kept."""
    return connection.in_atomic_block


def follow() -> Moment:
    """The log as it is now; the process follows. One query, two more for the first one of a process."""
    return _follow() or _begin()


@contextmanager
def at_one_moment() -> Iterator[Moment]:
    """Have all that is asked within be of one moment; it writes nothing that it reads."""
    with at_that_moment(Moment.now()) as moment:
        yield moment


@contextmanager
def if_up_to_date() -> Iterator[Moment | None]:
    """The same, on a replica: None if it lacks the row that this process knows last, and the process stays there."""
    moment = _follow() if _known else _begin()
    with at_that_moment(moment):
        yield moment


@contextmanager
def at_that_moment(moment: Moment | None) -> Iterator[Moment | None]:
    """Have all that is asked within be of a moment that was known before."""
    token = _moment.set(moment)
    try:
        yield moment
    finally:
        _moment.reset(token)


def _follow() -> Moment | None:
    """What the process knows and the rows since; None if its last row is not there, or MOST rows came."""
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
    """Begin at the last row of the log, in a new epoch: nothing that the process holds is of use any more."""
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
    """The records of these types that the log tells of for the first time after a number, up to another."""
    among, types = _among(types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT entree FROM journal_ligne AS une WHERE numero > %s AND numero <= %s {among}
            AND NOT EXISTS (SELECT 1 FROM journal_ligne WHERE entree = une.entree AND numero <= %s)""",  # noqa: S608
            [since, until, *types, since],
        )
        return [entree for (entree,) in cursor.fetchall()]


def changed(types: Iterable[str], since: int, at_most: int) -> list[int] | None:
    """The records of these types that changed since a number; None if they may be more than `at_most`."""
    types, most = set(types), at_most * 10
    with connection.cursor() as cursor:
        # By their numbers alone: a database that is asked for types too may read all rows of these.
        cursor.execute(
            "SELECT type, entree FROM journal_ligne WHERE numero > %s ORDER BY numero LIMIT %s", [since, most]
        )
        rows = cursor.fetchall()
    found = {entree for type, entree in rows if entree is not None and (FICHES in types or type in types)}
    return sorted(found) if len(rows) < most and len(found) <= at_most else None


def _among(types: Iterable[str]) -> tuple[str, list[str]]:
    """What asks for the rows of records of these types, and its parameters."""
    types = [] if FICHES in types else list(types)
    return "AND entree IS NOT NULL" + (f" AND type IN ({', '.join(['%s'] * len(types))})" if types else ""), types
