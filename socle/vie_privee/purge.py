"""The nightly purge of rows whose time is over, by the registry."""

import logging
from collections.abc import Iterator
from functools import partial

from django.db import DatabaseError, IntegrityError, connection, models, transaction

from socle.journal.writing import lot
from socle.vie_privee.conservation import Action, Ensemble, Traitement, declared
from socle.vie_privee.empreintes import throw_away_keys

BLOCK = 500

logger = logging.getLogger(__name__)


def run(*, simulation: bool = False) -> Iterator[tuple[Ensemble, int]]:
    """Purge each entry in its own transaction; yields (entry, number of rows). `simulation` changes nothing."""
    for one in declared():
        if one.echues is None:
            continue
        due = one.due()
        if isinstance(one, Traitement):
            yield one, due.count() if simulation else _purge_or_tell(one, due)
        else:
            yield one, len(due) if simulation else sum(_remove(one, old) for old in due)
    if not simulation:
        throw_away_keys()


def _purge_or_tell(traitement: Traitement, due) -> int:
    """As `_purge`; what a table without a model still names is told, and keeps nothing else from leaving."""
    try:
        return _purge(traitement, due)
    except IntegrityError:
        logger.exception("%s : cela n’a pas pu être supprimé.", traitement.titre)
        return 0


@lot()
def _purge(traitement: Traitement, due) -> int:
    keys = list(due.values_list("pk", flat=True))
    for start in range(0, len(keys), BLOCK):
        rows = traitement.rows.filter(pk__in=keys[start : start + BLOCK])
        if traitement.action is Action.EFFACER:
            for row in rows:
                erase(traitement, row)
        else:
            empty(traitement, rows)
    return len(keys)


def _remove(ensemble: Ensemble, one) -> bool:
    """Whether it was removed. A failure is logged and stops nothing else."""
    try:
        ensemble.effacer(one)
    except (OSError, DatabaseError):
        logger.exception("%s : cela n’a pas pu être supprimé.", ensemble.titre)
        return False
    return True


def erase(traitement: Traitement, row: models.Model) -> None:
    """Erase a row; its files are deleted after the commit."""
    _drop_files(row)
    traitement.effacer(row)


def empty(traitement: Traitement, rows) -> None:
    """Empty the fields about the person, and delete rows of `avec`."""
    keys = []
    for row in rows:
        if traitement.avant:
            traitement.avant(row)
        _drop_files(row, traitement.champs)
        keys.append(row.pk)
    for label, _ in traitement.avec:
        traitement.beside(label, keys).delete()
    traitement.rows.filter(pk__in=keys).update(**traitement.empty())


def _drop_files(row: models.Model, names=None) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.FileField) and (names is None or field.name in names):
            stored = getattr(row, field.name)
            if stored:
                transaction.on_commit(partial(stored.storage.delete, stored.name))


def compact() -> None:
    """Make SQLite rewrite its file, which keeps deleted data until then. Call it outside transactions."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
