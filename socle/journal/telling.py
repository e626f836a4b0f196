"""What the change log tells programs that keep a copy of the data: the rows after their cursor.

    début = cursor(last())                     # « 41-efa8c0d1e2f3a4b5 »: the program then reads all lists
    found = after(read_cursor(début), 50)      # the rows since, or None if this log has no such row

A cursor is a row's number and token: a cursor of another database, or of a deleted row, is recognised.
"""

import re
from datetime import datetime

from django.db.models import QuerySet

from socle.journal.following import Numero
from socle.journal.models import Ligne

_CURSOR = re.compile(r"(0|[1-9][0-9]{0,18})-([0-9a-f]{16})", re.ASCII)
BITS = 64  # of a token; the database holds it as a signed number


def cursor(row: Ligne) -> str:
    return f"{row.numero}-{row.jeton % 2**BITS:016x}"


def read_cursor(text: str) -> Numero | None:
    """(number, token); None if the text is no cursor."""
    match = _CURSOR.fullmatch(text)
    if not match or int(match[1]) >= 2 ** (BITS - 1):
        return None
    return int(match[1]), int.from_bytes(bytes.fromhex(match[2]), signed=True)


def last(until: datetime | None = None) -> Ligne:
    """The last row, or the last one up to `until`; row 0 if there is none."""
    told = Ligne.objects.filter(le__lte=until) if until else Ligne.objects.all()
    return told.order_by("-numero").first() or Ligne.objects.earliest("numero")


def after(known: Numero, most: int, until: datetime | None = None) -> tuple[list[Ligne], bool] | None:
    """(the cursor's row and at most `most` rows after it, whether there are more); None without that row.

    `until`: leaves out later rows. One query.
    """
    rows = list(Ligne.objects.filter(numero__gte=known[0]).order_by("numero")[: most + 2])
    if not rows or (rows[0].numero, rows[0].jeton) != known:
        return None
    told = [row for row in rows[1:] if not until or row.le <= until]
    return rows[:1] + told[:most], len(told) > most


def told_of(pks: set[int]) -> set[int]:
    """The records, among these, that have a row in the log: each was public once."""
    return set(Ligne.objects.filter(entree__in=pks).values_list("entree", flat=True)) if pks else set()


def changed_since(moment: datetime) -> QuerySet:
    """Keys of records with a row since `moment`."""
    return Ligne.objects.filter(le__gte=moment, entree__isnull=False).order_by().values("entree")
