"""What the change log tells programs that keep a copy: its rows after a cursor that they were given.

    début = cursor(last())                     # « 41-efa8c0d1e2f3a4b5 »: then all lists are taken whole
    found = after(read_cursor(début), 50)      # the rows since, or None if that row is not of this log

A cursor is the number and the token of a row: one of another database, or of a row that was purged, is known for what
it is.
"""

import re
from datetime import datetime

from django.db.models import QuerySet

from socle.journal.following import Numero
from socle.journal.models import Ligne

_CURSOR = re.compile(r"(0|[1-9][0-9]{0,18})-([0-9a-f]{16})", re.ASCII)
BITS = 64  # of a token, which the database holds as a signed number


def cursor(row: Ligne) -> str:
    return f"{row.numero}-{row.jeton % 2**BITS:016x}"


def read_cursor(text: str) -> Numero | None:
    """The number and the token that a cursor says; None if it is none."""
    match = _CURSOR.fullmatch(text)
    if not match or int(match[1]) >= 2 ** (BITS - 1):
        return None
    return int(match[1]), int.from_bytes(bytes.fromhex(match[2]), signed=True)


def last(until: datetime | None = None) -> Ligne:
    """The last row, or the last that was written before a moment; the first one if none was."""
    told = Ligne.objects.filter(le__lte=until) if until else Ligne.objects.all()
    return told.order_by("-numero").first() or Ligne.objects.earliest("numero")


def after(known: Numero, most: int, until: datetime | None = None) -> tuple[list[Ligne], bool] | None:
    """The row of a cursor and those after it, `most` at most, and whether there are more; None without such a row.

    `until`: no row that was written since. One query.
    """
    rows = list(Ligne.objects.filter(numero__gte=known[0]).order_by("numero")[: most + 2])
    if not rows or (rows[0].numero, rows[0].jeton) != known:
        return None
    told = [row for row in rows[1:] if not until or row.le <= until]
    return rows[:1] + told[:most], len(told) > most


def told_of(pks: set[int]) -> set[int]:
    """Those of these records that the log tells of: the public met each of them."""
    return set(Ligne.objects.filter(entree__in=pks).values_list("entree", flat=True)) if pks else set()


def changed_since(moment: datetime) -> QuerySet:
    """The keys of the records that the log tells of since a moment."""
    return Ligne.objects.filter(le__gte=moment, entree__isnull=False).order_by().values("entree")
