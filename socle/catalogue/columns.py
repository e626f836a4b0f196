"""Columns of exports, declared once per record type; and texts that a spreadsheet opens without danger.

Every file, table and API of a list reads its columns: a change here shows in all of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from django.db import models
from django.utils.text import capfirst

from socle.francais.valeurs import FILE, file_words

# What a spreadsheet takes for a formula, after any number of our own apostrophes and blanks. Only CSV for spreadsheets
# is protected: a workbook runs no typed cell, and a program wants the text as written.
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBERS = models.IntegerField | models.FloatField | models.DecimalField

# Some records, column by column: {path: its value in each record}.
Block = dict[str, list]
BLOCK = 200


def protect(text: str) -> str:
    """`text` after an apostrophe if a spreadsheet would run it as a formula (« - … » included)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotect(text: str) -> str:
    """Undoes `protect`, and only that: exactly one apostrophe is taken off."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


@dataclass(frozen=True)
class Column:
    """A column of an export: what it reads of a record and how it says it, the same in every file."""

    nom: str
    #: What it reads, as paths from the record: a field, a key (`commune_id`), a field behind a key (`commune__nom`), a
    #: list of those of several rows (`themes__nom`). Without paths, the field called `nom`.
    paths: tuple[str, ...] = ()
    #: Turns these values, in their order, into text (a number as text too), "" or None; without it, the value is the
    #: text.
    says: Callable[..., str] | None = None
    numeric: bool = False  #: it says a number
    several: bool = False  #: it says a list of texts, joined where a file has no lists
    logical: bool = False  #: it says oui or non
    #: Turns these values into a date or a datetime, for spreadsheets, which hold it instead of the text.
    moment: Callable[..., date | datetime | None] | None = None
    titre: str = ""  #: heading in spreadsheets, if not the name of the field
    page: "Column | None" = None  #: the column that pages show instead, if they tidy the text
    reponse: bool = False  #: somebody's answer: has an anchor on the page, and is « non dit » if empty
    #: (`paths`, `says`) of a record type, where types differ
    made: Callable[[type[models.Model]], tuple[tuple[str, ...], Callable[..., str] | None]] | None = None

    def of(self, model: type[models.Model]) -> "Column":
        """The column with the paths and words of a record type. Files are written with it."""
        if self.made:
            paths, says = self.made(model)
            return replace(self, paths=paths, says=says, made=None)
        if self.paths:
            return self
        field = model._meta.get_field(self.nom)
        path, says = file_words(field)
        return replace(
            self,
            paths=(path,),
            says=says,
            numeric=self.numeric or (isinstance(field, _NUMBERS) and not field.choices),
            several=bool(field.many_to_many),
            logical=isinstance(field, models.BooleanField),
        )

    def value(self, record: models.Model) -> str:
        column = self.of(type(record))
        (text,) = column.texts({path: [at(record, path)] for path in column.paths})
        return text or ""

    def texts(self, block: Block) -> list[str | None]:
        said = self._said(block)
        return list(map(FILE.between.join, said)) if self.several else said

    def values(self, block: Block) -> list:
        """Its value for programs, for each record: a list, a number, a boolean, a text; None if unknown."""
        said = self._said(block)
        if self.several:
            return said
        read = _number if self.numeric else "oui".__eq__ if self.logical else str
        return [read(text) if text else None for text in said]

    def _said(self, block: Block) -> list:
        values = [block[path] for path in self.paths]
        return list(map(self.says, *values)) if self.says else values[0]

    def moments(self, block: Block) -> list[date | datetime | None]:
        """The day or moment of each record; only if the column has `moment`."""
        return list(map(self.moment, *(block[path] for path in self.paths)))


def _number(text: str) -> int | float:
    return float(text) if "." in text or "e" in text else int(text)


def at(record, path: str):
    """The value at the end of a path from a record: None behind an empty key, a list for several rows."""
    name, _, rest = path.partition("__")
    value = getattr(record, name)
    if hasattr(value, "all"):
        return [at(row, rest) if rest else row for row in value.all()]
    return at(value, rest) if rest and value is not None else value


def blocks_of(columns: list[Column], records: Iterable[models.Model]) -> Iterator[Block]:
    """What columns read of records in memory: those of the desk, whose texts are as written."""
    paths, records = paths_of(columns), iter(records)
    while block := list(islice(records, BLOCK)):
        yield {path: [at(record, path) for record in block] for path in paths}


def paths_of(columns: list[Column]) -> list[str]:
    return list(dict.fromkeys(path for column in columns for path in column.paths))


def in_words(columns: list[Column], model: type[models.Model]) -> list[Column]:
    """The columns as a spreadsheet has them: headed by words, days and moments as such."""
    fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    return [_in_words(column.of(model), fields.get(column.nom)) for column in columns]


def _in_words(column: Column, field: models.Field | None) -> Column:
    titre = column.titre or capfirst(str(field.verbose_name) if field else column.nom.replace("_", " "))
    dated = isinstance(field, models.DateField)
    return replace(column, nom=titre, moment=column.moment or (_read_back(column) if dated else None))


def _read_back(column: Column) -> Callable[..., date | datetime | None]:
    """Reads the day or moment back from the text of a column."""

    def moment(*values):
        text = column.says(*values)
        read = date if len(text) == len("2026-03-12") else datetime
        return read.fromisoformat(text) if text else None

    return moment
