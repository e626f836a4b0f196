"""What a takeover does to the database, told by comparing all that it may touch before and after: no write escapes.

Whatever hangs on records is compared, in any room; what follows from records (the index) or tells of them (the history)
is not. While a takeover runs nobody else writes these tables, so that every difference is its own.
"""

import hashlib
import json
import time
from datetime import date, timedelta
from functools import cache
from itertools import chain

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models.signals import post_delete
from django.utils import timezone

from fiches import registre
from fiches.models import Choix, Contact, Fiche
from fiches.suivi.models import Ecartee, Reprise, TraceReprise
from socle.annuaire.models import Entree
from socle.recherche.models import Indexe, Mot
from socle.vie_privee.consentement import Consentement
from socle.vie_privee.models import NomTenu, TexteIntegral

# For which a takeover can be undone: what stood before may name persons.
CONSERVATION = timedelta(days=settings.CONSERVATION["reprises"])
PATIENCE = 30  # seconds to wait for a moment at which nobody writes
BLOCK = 500


class Occupee(Exception):
    """Somebody is writing all the time. The message, in French, says what to do."""


@cache
def watched() -> tuple[type[models.Model], ...]:
    """The models whose rows a takeover may touch: records, persons, lists, and whatever points to one of them.

    Records come first, since that is the order in which an editor's save takes them.
    """
    found = {declaration.model for declaration in registre.types()}
    found |= {reprise.model for reprise in registre.reprises().values()}
    found |= {Entree, Choix, Ecartee, NomTenu, TexteIntegral}
    candidates = [m for m in apps.get_models(include_auto_created=True) if m is not Indexe and not is_history(m)]
    grown = True
    while grown:
        more = {model for model in candidates if any(other in found for _, other in references(model))} - found
        found |= more
        grown = bool(more)
    return tuple(sorted(found, key=lambda model: (not issubclass(model, Fiche), model._meta.label)))


def references(model) -> list[tuple[models.Field, type[models.Model]]]:
    """The foreign keys of a model, each with the model it points to."""
    return [(field, field.related_model) for field in model._meta.concrete_fields if field.is_relation]


def is_history(model) -> bool:
    """Whether rows of a model are versions, or what versions had of a several-choice field."""
    return hasattr(model, "instance_type") or any(hasattr(other, "instance_type") for _, other in references(model))


def columns(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not field.generated]


def hold_writers() -> None:
    """Let nobody else write the watched tables until this transaction ends; readers go on.

    SQLite has one writer anyway. On PostgreSQL all tables are taken at once or none, so that no save that has begun
    waits for what waits for it.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in watched())
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT")
                return
        except OperationalError as error:
            if time.monotonic() > until:
                raise Occupee(
                    "Quelqu’un enregistre sans cesse dans la base : recommencez dans un moment. Rien n’a été changé."
                ) from error
        time.sleep(0.05)


# {model: {key: values of its columns, as the database gives them}}
Rows = dict[type[models.Model], dict[object, tuple]]


def snapshot() -> Rows:
    """Every watched row, and the words of the index, for their spelling. Most never change: none is made Python of."""
    return {model: _all_rows(model) for model in (*watched(), Mot)}


def _all_rows(model) -> dict[object, tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_all_of(model, connection.vendor))
        return {row[0]: row for row in cursor}


@cache
def _all_of(model, vendor: str) -> str:
    """The query of all rows of a model: made once, since every takeover asks it twice of each model."""
    return model._base_manager.order_by().values_list("pk", *columns(model)).query.sql_with_params()[0]


class _Table:
    """The rows of a model as the database gives them, and the values that some of them stand for."""

    def __init__(self, model, **chosen):
        query = model._base_manager.filter(**chosen).order_by().values_list("pk", *columns(model)).query
        self.compiler = query.get_compiler(connection.alias)

    def rows(self) -> dict[object, tuple]:
        chunks = self.compiler.execute_sql(chunk_size=2000)
        return {row[0]: row for row in chain.from_iterable(chunks or ())}

    def values(self, rows: dict) -> dict[object, list]:
        """{key: values of the columns} of `rows`."""
        if self.compiler.select is None:
            self.compiler.setup_query()
        converters = self.compiler.get_converters([expression for expression, _, _ in self.compiler.select])
        return {pk: values for pk, *values in self.compiler.apply_converters(rows.values(), converters)}


def read(model, pks) -> dict[object, list]:
    """{key: values of the columns} of those of these rows that still stand."""
    pks, rows = list(pks), {}
    for start in range(0, len(pks), BLOCK):
        table = _Table(model, pk__in=pks[start : start + BLOCK])
        rows |= table.values(table.rows())
    return rows


def keep(reprise: Reprise, before: Rows) -> None:
    """Keep what has changed since `before`, a snapshot; older traces than CONSERVATION go."""
    forget_old()
    traces = []
    for model, rows in before.items():
        now = _all_rows(model)
        if now == rows:
            continue
        table = _Table(model)
        old = table.values({pk: row for pk, row in rows.items() if now.get(pk) != row})
        new = table.values({pk: row for pk, row in now.items() if rows.get(pk) != row})
        lines = {str(pk): [encode(old.get(pk)), digest(new.get(pk))] for pk in old.keys() | new.keys()}
        label = model._meta.label
        traces.append(TraceReprise(reprise=reprise, modele=label, colonnes=columns(model), lignes=lines))
    TraceReprise.objects.bulk_create(traces)
    reprise.changements = sum(len(trace.lignes) for trace in traces if trace.modele != Mot._meta.label)
    reprise.save()


def forget_old() -> int:
    """Drop the traces of takeovers that are too old to be undone; of how many models."""
    return TraceReprise.objects.filter(reprise__le__lt=timezone.now() - CONSERVATION).delete()[0]


def encode(values) -> list | None:
    """A row's values as JSON holds them; None for no row."""
    return None if values is None else [_plain(value) for value in values]


def _plain(value):
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def digest(values) -> str | None:
    """By which a row is known to be still as it was; None for no row."""
    if values is None:
        return None
    said = json.dumps(encode(values), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def decode(model, names: list[str], values: list) -> models.Model:
    """The unsaved row that `encode` told."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    row = model()
    for name, value in zip(names, values, strict=True):
        field = by_name[name]
        if value is not None and not isinstance(field, models.JSONField | models.FileField):
            value = field.to_python(value)
        setattr(row, name, value)
    return row


# Persons who are erased


def _erased(sender, instance, **kwargs):
    """Of a person who is erased, traces keep no word either; a takeover that changed them cannot be undone any more."""
    for trace in TraceReprise.objects.filter(modele=sender._meta.label):
        line = trace.lignes.get(str(instance.pk))
        if line and line[0] is not None:
            line[0] = []
            trace.save(update_fields=["lignes"])


def connect() -> None:
    """Follow the erasing of contacts, of the persons that rooms take over, and of those who wrote about a record.

    Called once the registre is complete.
    """
    persons = {Contact} | {r.model for r in registre.reprises().values() if not issubclass(r.model, Fiche)}
    persons |= {model for model in watched() if issubclass(model, Consentement)}
    for model in [*persons, *(m for m in watched() if any(other in persons for _, other in references(m)))]:
        post_delete.connect(_erased, sender=model, dispatch_uid=f"trace {model._meta.label}")
