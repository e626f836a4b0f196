"""How old a row is: when an erasure is done again, rows that came later stay."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

from socle.rooms import rooms
from socle.vie_privee.conservation import source

# Names of creation dates, by preference. A version has the date of its record.
_DATES = ("cree_le", "creee_le", "recu_le", "recue_le", "date_joined", "action_time", "attempt_time", "ecrit_le", "le")


def came_since(moment: datetime, *, known: bool) -> Callable[[models.Model], bool]:
    """A test of rows: did this one come after the erasure of `moment`?

    `known`: this database has done that erasure, so the rows that it still has came later. A takeover may have brought
    back what it erased: rows of the old site never count as later.
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
    """Its creation date, or that of what it belongs to: it is not older. None if unknown."""
    own = next(filter(None, map(own_date, (row, *_other_halves(row)))), None)
    return own or max(filter(None, map(made_on, _owners(row))), default=None)


def own_date(row: models.Model) -> datetime | None:
    names = {field.name for field in row._meta.concrete_fields}
    found = next((getattr(row, name) for name in _DATES if name in names), None)
    if isinstance(found, date) and not isinstance(found, datetime):  # a day without a time: at the latest, its evening
        return timezone.make_aware(datetime.combine(found, time.max))
    return found


def _other_halves(row: models.Model) -> Iterator[models.Model]:
    """Rows whose primary key is this row: the record of a directory entry."""
    for relation in row._meta.related_objects:
        if relation.one_to_one and relation.field.primary_key:
            yield from relation.related_model._base_manager.filter(pk=row.pk)


def _owners(row: models.Model) -> Iterator[models.Model]:
    """Rows that this one cannot exist without: the record of a version, the registration of an answer."""
    record = source(type(row))
    if record is not type(row):
        yield from record._base_manager.filter(pk=getattr(row, record._meta.pk.attname))
    for field in row._meta.concrete_fields:
        if field.is_relation and not field.null:
            yield getattr(row, field.name)
