"""Cursors: where a list goes on, after a record that may move or leave before the rest is asked for.

    cursor = selection.cursor(keys[-1])    # « 1207.WyJEaW5hbiJd »: its key, and its values in the order of the list
    start = selection.following(cursor)    # how many records of the list come before the rest

The list goes on from where the record stood: records that did not change are neither repeated nor left out. Published
addresses hold cursors: their text must stay readable.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Expression, F, Q, QuerySet
from django.db.models.expressions import OrderBy

GREATEST = 2**32 - 1  # the largest key in a set of records
WHOLE = 2**63 - 1  # the largest integer in a database
_WRITTEN = re.compile(r"([1-9][0-9]{0,9})(?:\.([A-Za-z0-9_-]{4,4000}))?", re.ASCII)


@dataclass(frozen=True)
class Curseur:
    """A record and its values in the order of the list; () if they are unknown."""

    pk: int
    values: tuple = ()

    def __str__(self):
        if not self.values:
            return str(self.pk)
        told = json.dumps(self.values, cls=_Encoder, ensure_ascii=False, separators=(",", ":"))
        return f"{self.pk}.{urlsafe_b64encode(told.encode()).decode().rstrip('=')}"

    @classmethod
    def read(cls, text: str) -> "Curseur | None":
        """The cursor written as `text`; None if it is none."""
        found = _WRITTEN.fullmatch(text)
        if not found or int(found[1]) > GREATEST:
            return None
        if not found[2]:
            return cls(int(found[1]))
        try:
            values = json.loads(urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)))
        except (ValueError, RecursionError):  # not base64, not UTF-8, not JSON
            return None
        if not isinstance(values, list) or any(isinstance(one, list | dict) for one in values):
            return None
        return cls(int(found[1]), tuple(values)) if values else None


class _Encoder(DjangoJSONEncoder):
    """Keeps microseconds, which Django's encoder cuts."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass(frozen=True)
class _Terme:
    expression: Expression | F
    falling: bool
    nulls_first: bool

    @classmethod
    def of(cls, ordering: "str | Expression") -> "_Terme":
        if isinstance(ordering, str):
            ordering = F(ordering.lstrip("-")).desc() if ordering.startswith("-") else F(ordering).asc()
        if not isinstance(ordering, OrderBy):
            ordering = ordering.asc()
        first = ordering.descending != connection.features.order_by_nulls_first
        first = True if ordering.nulls_first else False if ordering.nulls_last else first
        return cls(ordering.expression, ordering.descending, first)

    def before(self, name: str, value) -> Q:
        """Rows whose value, annotated as `name`, comes before `value`."""
        if value is None:
            return Q(pk__in=[]) if self.nulls_first else Q(**{f"{name}__isnull": False})
        found = Q(**{f"{name}__{'gt' if self.falling else 'lt'}": value})
        return found | Q(**{f"{name}__isnull": True}) if self.nulls_first else found


def placed(rows: QuerySet, order: tuple) -> QuerySet:
    """Rows with their values in an order, as ordre_0, ordre_1…"""
    return rows.annotate(**{f"ordre_{rank}": _Terme.of(one).expression for rank, one in enumerate(order)})


def values_of(rows: QuerySet, pk: int) -> tuple | None:
    """Values of a record in the order of a queryset, as a cursor holds them; None if it is not there. One query."""
    order = rows.query.order_by
    found = placed(rows.filter(pk=pk), order).order_by().values_list(*(f"ordre_{rank}" for rank in range(len(order))))
    return next(map(plain, found), None)


def values_on(row, order: tuple) -> tuple:
    """Like `values_of`, for a row that was `placed`. No query."""
    return plain(getattr(row, f"ordre_{rank}") for rank in range(len(order)))


def plain(values: Iterable) -> tuple:
    """Values as they are after a cursor was written and read."""
    return tuple(json.loads(json.dumps(list(values), cls=_Encoder)))


def up_to(rows: QuerySet, values: tuple) -> QuerySet | None:
    """Rows of a queryset before these values or equal to them; None if no record can have such values."""
    order = rows.query.order_by
    if len(values) != len(order):
        return None
    rows = placed(rows, order)
    found, same = Q(pk__in=[]), Q()
    for rank, (one, told) in enumerate(zip(order, values, strict=True)):
        name = f"ordre_{rank}"
        try:
            value = _read(rows.query.annotations[name].output_field, told)
        except (ValidationError, ValueError, TypeError, ArithmeticError):
            return None
        found |= same & _Terme.of(one).before(name, value)
        same &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
    return rows.filter(found | same).order_by()


def _read(field, told):
    """A value of a field, from a cursor. Raises an error if no record can hold it."""
    if told is None:
        return None
    value = field.to_python(told)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(told)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > WHOLE:
        raise ValueError(told)
    if isinstance(value, float | Decimal) and not abs(value) < 10**15:
        raise ValueError(told)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(told)
    if isinstance(value, date) and not 1 < value.year < 9999:
        raise ValueError(told)
    return value.astimezone(UTC) if isinstance(value, datetime) else value
