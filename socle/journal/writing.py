"""Writing the change log. All that changes public data calls it; caches, ETags and copies depend on it.

    with lot():                     # a transaction, whose changes get their numbers once, at its end
        fiche.save()
        inscrire("projet", fiche.pk, Nature.MODIFIEE)

Numbers come last, after rows, themes and index: from then on the transaction holds the counter, and must not wait for a
row that another one has locked.
"""

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from socle.journal.models import Compteur, Ligne, Nature

BLOCK = 2000  # rows written or deleted together


@dataclass(frozen=True, eq=False)
class Note:
    """A row without its number.

    In a lot, a note is also registered with `on_commit`, where Django forgets it if its savepoint is rolled back. Only
    notes still registered at the end get a number.
    """

    type: str
    entree: int | None = None
    nature: str = Nature.MODIFIEE
    vers: int | None = None

    def __call__(self):
        """Does nothing: at the commit, the row has its number already."""


@dataclass(frozen=True)
class Lot:
    """What a lot gathers: notes, and comparisons to make at its end, {key: (answer before, `says`, `tell`)}."""

    notes: list[Note] = field(default_factory=list)
    compared: dict[Hashable, tuple[object, Callable, Callable]] = field(default_factory=dict)


_lot: "ContextVar[Lot | None]" = ContextVar("changes to number together", default=None)


@contextmanager
def lot() -> Iterator[None]:
    """A transaction whose changes get their numbers once, at its end. Nested, a part of the outer one."""
    if _lot.get() is not None:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        this = Lot()
        token = _lot.set(this)
        try:
            yield
            if not transaction.get_rollback():
                for before, says, tell in this.compared.values():
                    if says() != before:
                        tell()
        finally:
            _lot.reset(token)
        if this.notes and not transaction.get_rollback():
            _number(_told(this.notes))


def inscrire(type: str, entree: int | None = None, nature: str = Nature.MODIFIEE, vers: int | None = None) -> None:
    """Note a change, after it and in its transaction. Its number comes at once, or at the end of the lot.

    `entree`: the record, if any. `vers`: the record that it was merged into.
    """
    inscrire_ensemble([Note(type, entree, nature, vers)])


def inscrire_ensemble(notes: Iterable[Note]) -> None:
    """Like `inscrire`, for several changes."""
    this = _lot.get()
    if this is None:
        with transaction.atomic(savepoint=False):
            _number(list(notes))
        return
    for note in notes:
        this.notes.append(note)
        transaction.on_commit(note)


def tell_if_otherwise(key: Hashable, says: Callable[[], object], tell: Callable[[], object]) -> None:
    """Call `tell` at the end of this lot if `says()` has changed: for a public figure made of many private rows.

    Call it before they change, under their writers' lock. Each `key` is compared once.
    """
    compared = _lot.get().compared
    if key not in compared:
        compared[key] = says(), says, tell


def _told(notes: list[Note]) -> list[Note]:
    """The notes that no rollback took away, one a thing."""
    stand = {id(called) for _, called, _ in connection.run_on_commit}
    told: dict[tuple, Note] = {}
    for note in notes:
        if id(note) in stand and (last := _last_word(told.pop((note.type, note.entree), None), note)):
            told[note.type, note.entree] = last
    return list(told.values())


def _last_word(known: Note | None, new: Note) -> Note | None:
    """Merge two notes on one thing; None for a record that became public and left within the lot."""
    if known is None:
        return new
    if new.entree is None:
        return known if known.nature == Nature.RETIREE else new
    if new.nature == Nature.MODIFIEE:
        return known
    if known.nature == Nature.PUBLIEE and new.nature == Nature.RETIREE:
        return None
    if known.nature == Nature.RETIREE and new.nature == Nature.PUBLIEE:
        return replace(new, nature=Nature.MODIFIEE)
    return new


def watch(model: type[Model], note: Callable[[Model, bool], object]) -> None:
    """Call `note(row, whether it is gone)` after each save or deletion of a row.

    `update` and `bulk_create` send no signal: whoever uses them writes the note.
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
    """Stop others from indexing or numbering until this transaction ends. Lock no record after it.

    SQLite needs nothing: it has one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM journal_compteur FOR UPDATE")


def new_token() -> int:
    """64 random bits, as a signed number."""
    return int.from_bytes(secrets.token_bytes(8), signed=True)


def _number(notes: list[Note]) -> None:
    """Give the next numbers. Locks the counter until the transaction ends; its time never goes back."""
    if not notes:
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_compteur SET numero = numero + %s, le = CASE WHEN le > %s THEN le ELSE %s END "
            "RETURNING numero, le",
            [len(notes), now, now],
        )
        ((last, le),) = cursor.fetchall()
    le = le if timezone.is_aware(le) else le.replace(tzinfo=UTC)  # SQLite gives UTC
    first = last - len(notes) + 1
    Ligne.objects.bulk_create(
        (Ligne(numero=numero, jeton=new_token(), le=le, **vars(note)) for numero, note in enumerate(notes, first)),
        batch_size=BLOCK,
    )


def begin(using: str = DEFAULT_DB_ALIAS, plan=(), **kwargs) -> None:
    """Write row 0 and the counter if missing, as after `flush`.

    After a migration, note that any row may have changed.
    """
    tables = connections[using].introspection.table_names()
    if Compteur._meta.db_table in tables and not Compteur.objects.using(using).exists():
        now = timezone.now()
        Ligne.objects.using(using).create(numero=0, jeton=new_token(), type="", nature=Nature.MODIFIEE, le=now)
        Compteur.objects.using(using).create(numero=0, le=now)
    if plan and using == DEFAULT_DB_ALIAS and Compteur._meta.db_table in tables:
        inscrire("migration", nature=Nature.RETIREE)


def renew() -> None:
    """Change the last row's token: after a restore, followers read everything again."""
    last = Ligne.objects.order_by("-numero").values_list("pk", flat=True).first()
    Ligne.objects.filter(pk=last).update(jeton=new_token())


def compact(before: datetime) -> int:
    """Delete needless rows older than `before`; return how many.

    Of each record stay its first row, its last one, and each that says it left; without a record, the last of each type
    and nature. Followers still learn the same.
    """
    old = Ligne.objects.filter(le__lt=before).order_by("-numero").values_list("numero", flat=True).first()
    if old is None:
        return 0
    same = Ligne.objects.filter(entree=OuterRef("entree"))
    alike = Ligne.objects.filter(entree=None, type=OuterRef("type"), nature=OuterRef("nature"))
    later = {"numero__gt": OuterRef("numero"), "numero__lte": old}
    needless = Q(Exists(same.filter(numero__lt=OuterRef("numero"))), Exists(same.filter(**later)), entree__isnull=False)
    needless |= Q(Exists(alike.filter(**later)), entree=None)
    rows = Ligne.objects.exclude(nature=Nature.RETIREE).filter(needless)
    blocks = ((first, min(first + BLOCK, old)) for first in range(0, old, BLOCK))
    return sum(rows.filter(numero__range=block).delete()[0] for block in blocks)
