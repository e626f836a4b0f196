"""Reads columns from the database as tuples in blocks, without model instances.

A block is one query, and one more for each many-to-many field. SQL is compiled once per file, and days come as text, as
both databases give them: for these two, Django takes longer than the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from django.db import connections, models
from django.db.models.functions import Cast

from socle.catalogue.columns import BLOCK, Block, Column, paths_of

FIRST = 50  # records of the first block, which leaves at once


def blocks(
    columns: list[Column], rows: models.QuerySet, ids: Iterable[int], *, encoded: bool = False
) -> Iterator[Block]:
    """What columns read of the records `ids`, in that order. A record that is not in `rows` any more is left out.

    `encoded`: texts that need no conversion may come in UTF-8, as SQLite holds them.
    """
    paths = {path: fields_on(rows.model, path) for path in paths_of(columns)}
    own = [path for path, fields in paths.items() if not fields[0].many_to_many]
    worded = {path for column in columns if column.says or column.moment for path in column.paths}
    encoded = encoded and connections[rows.db].vendor == "sqlite"
    read = LectureDeTuples(rows.order_by(), "pk", own, encoded={*own} - worded if encoded else set())
    several = {path: _several(rows.db, fields[0], path) for path, fields in paths.items() if path not in own}
    ids, size = iter(ids), FIRST
    while asked := list(islice(ids, size)):
        size = BLOCK
        found = {row[0]: row for row in read(asked)}
        if there := [found[pk] for pk in asked if pk in found]:
            pks, *columns_read = zip(*there, strict=True)
            block = {path: read.plain(path, values) for path, values in zip(own, columns_read, strict=True)}
            yield block | {path: values_of(pks) for path, values_of in several.items()}


def fields_on(model: type[models.Model], path: str) -> list[models.Field]:
    """The fields of a path: « commune__nom » → commune, nom."""
    fields = []
    for name in path.split("__"):
        fields.append(model._meta.pk if name == "pk" else model._meta.get_field(name))
        model = fields[-1].related_model
    return fields


def _several(db: str, field: models.ManyToManyField, path: str) -> Callable[[Sequence[int]], list[list]]:
    """Reads a many-to-many field: for each record a list, in the order of the rows that it points to."""
    record, row = field.m2m_field_name(), field.m2m_reverse_field_name()
    links = field.remote_field.through._base_manager.using(db).order_by(row)
    path = path.replace(field.name, row, 1)
    read = LectureDeTuples(links, record, [path])

    def values_of(ids: Sequence[int]) -> list[list]:
        found = defaultdict(list)
        for pk, value in read(ids):
            found[pk].append(value)
        return [read.plain(path, found[pk]) if pk in found else [] for pk in ids]

    return values_of


class LectureDeTuples:
    """Reads some paths of the rows with some keys: tuples, the key first, in the order of `rows`.

    The values are those of the driver; `plain` converts a column of them.
    """

    def __init__(self, rows: models.QuerySet, key: str, paths: list[str], encoded: Iterable[str] = ()):
        self.rows, self.key, self.connection = rows, key, connections[rows.db]
        fields = {path: fields_on(rows.model, path)[-1] for path in paths}
        casts = dict.fromkeys(encoded, models.BinaryField())
        casts |= {path: models.TextField() for path, field in fields.items() if isinstance(field, models.DateField)}
        self.read = [Cast(path, casts[path]) if path in casts else path for path in paths]
        self.conversions = {path: self._conversions(field) for path, field in fields.items()}
        self.compiled: dict[int, tuple[str, tuple]] = {}

    def __call__(self, keys: Sequence[int]) -> list[tuple]:
        if len(keys) not in self.compiled:
            query = self.rows.filter(**{f"{self.key}__in": keys}).values_list(self.key, *self.read).query
            sql, parameters = query.sql_with_params()
            self.compiled[len(keys)] = sql, parameters[: -len(keys)]  # the keys come last
        sql, parameters = self.compiled[len(keys)]
        with self.connection.cursor() as cursor:
            cursor.execute(sql, (*parameters, *keys))
            return cursor.fetchall()

    def plain(self, path: str, values: Iterable) -> list:
        """The values of a column as a record has them; amounts and booleans stay as the driver gives them."""
        for convert in self.conversions[path]:
            values = [None if value is None else convert(value) for value in values]
        return values

    def _conversions(self, field: models.Field) -> list[Callable]:
        if isinstance(field, models.DateField):
            return [self._moment if isinstance(field, models.DateTimeField) else date.fromisoformat]
        if isinstance(field, models.DecimalField | models.BooleanField):
            return []
        expression = field.cached_col
        converters = (*self.connection.ops.get_db_converters(expression), *field.get_db_converters(self.connection))
        return [lambda value, one=one: one(value, expression, self.connection) for one in converters]

    def _moment(self, text: str) -> datetime:
        # A database without time zones holds UTC.
        return datetime.fromisoformat(text if self.connection.features.supports_timezones else f"{text}Z")
