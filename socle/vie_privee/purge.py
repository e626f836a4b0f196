"""The nightly purge: what each entry of the registry says of rows whose time is over."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.files.storage import Storage
from django.db import DatabaseError, connection, models, transaction

from socle.vie_privee import held
from socle.vie_privee.empreintes import throw_away_keys
from socle.vie_privee.registre import Action, Ensemble, Traitement, ensembles, traitements

BLOCK = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Purge:
    traitement: Traitement | Ensemble
    nombre: int


def run(*, now: datetime | None = None, simulation: bool = False) -> Iterator[Purge]:
    """Purge each entry in a transaction of its own, and tell how many rows it was; `simulation` changes nothing."""
    for traitement in traitements():
        if traitement.echues is None:
            continue
        due = traitement.due(now)
        yield Purge(traitement, due.count() if simulation else _purge(traitement, due))
    for ensemble in ensembles():
        old = ensemble.due(now)
        yield Purge(ensemble, len(old) if simulation else sum(_remove(ensemble, one) for one in old))
    if not simulation:
        throw_away_keys()


@transaction.atomic
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
    """Whether it is gone: what cannot be removed is told, and keeps nothing else from leaving."""
    try:
        ensemble.effacer(one)
    except (OSError, DatabaseError):
        logger.exception("%s : cela n’a pas pu être supprimé.", ensemble.titre)
        return False
    return True


def erase(traitement: Traitement, row: models.Model) -> None:
    """Erase one row; its files go once this is committed."""
    _drop_files(row)
    traitement.effacer(row)


def empty(traitement: Traitement, rows) -> None:
    """Empty the fields about the person; rows that leave with these are erased."""
    keys = []
    for row in rows:
        if traitement.avant:
            traitement.avant(row)
        _drop_files(row, traitement.champs)
        keys.append(row.pk)
    for label, _ in traitement.avec:
        _pointing(label, traitement.model, keys).delete()
    traitement.rows.filter(pk__in=keys).update(**traitement.empty())
    held.follow(traitement.modele, keys)


def _pointing(label: str, model: type[models.Model], keys: list):
    from django.apps import apps

    other = apps.get_model(label)
    key = next(field for field in other._meta.concrete_fields if field.related_model is model)
    return other._base_manager.filter(**{f"{key.name}__in": keys})


def _drop_files(row: models.Model, names=None) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.FileField) and (names is None or field.name in names):
            stored = getattr(row, field.name)
            if stored:
                transaction.on_commit(partial(_delete, stored.storage, stored.name))


def _delete(storage: Storage, name: str) -> None:
    storage.delete(name)


def compact() -> None:
    """Have SQLite write its file anew: what was deleted stays in it until then. Outside any transaction."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
