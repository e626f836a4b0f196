"""Writing the change log.

    with lot():                     # a transaction, of which the changes are numbered at its end, once
        fiche.save()
        inscrire("projet", fiche.pk, Nature.MODIFIEE)

The number comes last, when rows, themes and index are written: from then on the transaction holds the counter, and
may want no row that another transaction holds.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from socle.journal.models import Compteur, Ligne, Nature


class Changement(NamedTuple):
    """What a row says, before it has its number."""

    type: str
    entree: int | None = None
    nature: str = Nature.MODIFIEE
    vers: int | None = None


_gathered: "ContextVar[dict[tuple, Changement] | None]" = ContextVar("changes to number together", default=None)


@contextmanager
def lot() -> Iterator[None]:
    """A transaction, of which the changes are numbered at its end, once; within another one, a part of it."""
    outer = _gathered.get()
    if outer is not None:
        before = dict(outer)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            outer.clear()
            outer.update(before)
            raise
        return
    with transaction.atomic():
        gathered: dict[tuple, Changement] = {}
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        if not transaction.get_rollback():
            _number(list(gathered.values()))


def inscrire(type: str, entree: int | None = None, nature: str = Nature.MODIFIEE, vers: int | None = None) -> None:
    """Take note of a change, in the transaction that makes it and after it: numbered at once, or at the end of the lot.

    `entree`: the record; None for what is no record. `vers`: the record that it was merged into.
    """
    changement = Changement(type, entree, nature, vers)
    gathered = _gathered.get()
    if gathered is None:
        with transaction.atomic(savepoint=False):
            _number([changement])
        return
    known = gathered.pop((type, entree), None)
    if told := _last_word(known, changement) if known else changement:
        gathered[type, entree] = told


def _last_word(known: Changement, new: Changement) -> Changement | None:
    """What a lot tells of two changes of one thing: the later one; but PUBLIEE of a record, RETIREE of a key, stays.

    A record that came and left in the lot is told by nothing: nobody met it. One that left and came again has changed.
    """
    if new.entree is None:
        return known if (known.nature, new.nature) == (Nature.RETIREE, Nature.MODIFIEE) else new
    match known.nature, new.nature:
        case Nature.PUBLIEE, Nature.MODIFIEE:
            return known
        case Nature.PUBLIEE, Nature.RETIREE:
            return None
        case Nature.RETIREE, Nature.PUBLIEE:
            return new._replace(nature=Nature.MODIFIEE)
    return new


def watch(model: type[Model], note: Callable[[Model, bool], object]) -> None:
    """Call `note(row, whether it is gone)` after each save or deletion of one row of `model`.

    What writes many rows at once, `update` or `bulk_create`, takes note by itself.
    """

    def saved(instance, raw=False, **kwargs):
        if not raw:
            note(instance, False)

    def gone(instance, **kwargs):
        note(instance, True)

    uid = f"journal {model._meta.label}"
    post_save.connect(saved, sender=model, weak=False, dispatch_uid=uid)
    post_delete.connect(gone, sender=model, weak=False, dispatch_uid=uid)


def alone() -> None:
    """Let nobody else index or number until this transaction ends: whoever calls it wants no row of a record any more.

    SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM journal_compteur FOR UPDATE")


def new_token() -> int:
    """64 bits at random, as a signed number that both databases hold."""
    return int.from_bytes(secrets.token_bytes(8), signed=True)


def _number(changements: list[Changement]) -> None:
    """Give changes the next numbers; the counter is held until the transaction ends. Its time never goes back."""
    if not changements:
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_compteur SET numero = numero + %s, le = CASE WHEN le > %s THEN le ELSE %s END "
            "RETURNING numero, le",
            [len(changements), now, now],
        )
        ((last, le),) = cursor.fetchall()
    le = le if timezone.is_aware(le) else le.replace(tzinfo=UTC)  # SQLite holds the UTC
    first = last - len(changements) + 1
    Ligne.objects.bulk_create(
        (
            Ligne(numero=numero, jeton=new_token(), le=le, **changement._asdict())
            for numero, changement in enumerate(changements, first)
        ),
        batch_size=2000,
    )


def begin(using: str = DEFAULT_DB_ALIAS, plan=(), **kwargs) -> None:
    """Write row 0 and the counter where they are missing: after `flush`, which empties all tables.

    After a migration, tell that any row may be another one.
    """
    tables = connections[using].introspection.table_names()
    if Compteur._meta.db_table in tables and not Compteur.objects.using(using).exists():
        now = timezone.now()
        Ligne.objects.using(using).create(numero=0, jeton=new_token(), type="", nature=Nature.MODIFIEE, le=now)
        Compteur.objects.using(using).create(numero=0, le=now)
    if plan and using == DEFAULT_DB_ALIAS and Compteur._meta.db_table in tables:
        inscrire("migration", nature=Nature.RETIREE)


def renew() -> None:
    """Give the last row another token: whoever followed this log before a copy was restored reads all anew."""
    last = Ligne.objects.order_by("-numero").values_list("pk", flat=True).first()
    Ligne.objects.filter(pk=last).update(jeton=new_token())
