"""What stays when an erasure is done again: whatever has come since it was first done."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

from socle.rooms import rooms
from socle.vie_privee.registre import source

# By which names a model says since when a row of it is there. Not the date of a version: that of its record.
_DATES = ("cree_le", "creee_le", "recu_le", "recue_le", "date_joined", "action_time", "attempt_time", "ecrit_le", "le")


def came_since(moment: datetime, *, known: bool) -> Callable[[models.Model], bool]:
    """A test of rows: whether one has come since the erasure of `moment`.

    `known`: this database has done that erasure; then all that the old site did not bring back has come since. What it
    brought is as old as the old site.
    """

    def test(row: models.Model) -> bool:
        if from_the_old_site(row):
            return False
        return known or ((made := made_on(row)) is not None and made > moment)

    return test


def from_the_old_site(row: models.Model) -> bool:
    """Whether a takeover made it, or what it belongs to."""
    label = type(row)._meta.label
    rule = next((room.origines[label] for room in rooms() if label in room.origines), None)
    return rule(row) if rule else any(from_the_old_site(other) for other in _owners(row))


def made_on(row: models.Model) -> datetime | None:
    """Since when it is there, at least, as itself or what it belongs to says; None if neither does."""
    own = next(filter(None, map(own_date, (row, *_other_halves(row)))), None)
    return own or max(filter(None, map(made_on, _owners(row))), default=None)


def own_date(row: models.Model) -> datetime | None:
    names = {field.name for field in row._meta.concrete_fields}
    found = next((getattr(row, name) for name in _DATES if name in names), None)
    if isinstance(found, date) and not isinstance(found, datetime):  # it may be of that evening
        return timezone.make_aware(datetime.combine(found, time.max))
    return found


def _other_halves(row: models.Model) -> Iterator[models.Model]:
    """Rows whose key is this row itself: the record of an entry of the directory."""
    for relation in row._meta.related_objects:
        if relation.one_to_one and relation.field.primary_key:
            yield from relation.related_model._base_manager.filter(pk=row.pk)


def _owners(row: models.Model) -> Iterator[models.Model]:
    """What a row cannot be without: the record of a version, the registration of an answer."""
    record = source(type(row))
    if record is not type(row):
        yield from record._base_manager.filter(pk=getattr(row, record._meta.pk.attname))
    for field in row._meta.concrete_fields:
        if field.is_relation and not field.null:
            yield getattr(row, field.name)
