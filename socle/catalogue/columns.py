"""Columns of exports, declared once per record type; texts that a spreadsheet can open without danger."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from django.db import models
from django.utils.text import capfirst

from socle.francais.valeurs import FILE, file_words

# What a spreadsheet takes for a formula in a CSV, behind any number of our own apostrophes and blanks. Only the CSV for
# spreadsheets is protected: a typed cell of a workbook runs nothing, a program wants the text as written.
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_NUMBERS = models.IntegerField | models.FloatField | models.DecimalField

# Some records, a column of values each: {path: what stands there in each record}.
Block = dict[str, list]
BLOCK = 200


def protect(text: str) -> str:
    """`text` with one apostrophe before it if a spreadsheet would run it as a formula (« - … » included)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotect(text: str) -> str:
    """The inverse of `protect`: exactly one apostrophe is taken off, and only where `protect` had put one."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


@dataclass(frozen=True)
class Column:
    """A column of an export: what it reads of a record and how it says that, the same for every file.

    `paths`: what it reads, from the record on: a field, the column of a key (`commune_id`), a field of the row it
    points to (`commune__nom`), a list of those of several (`themes__nom`). Without any, it says the field of its name.
    `says`: these values, in their order, to text, number as text, or ""; None if the one value is the text.
    `made`: both by record type, where types differ. `numeric`: it says a number. `several`: it says a list of texts,
    one text where a file has no lists. `logical`: it says oui or non.
    `moment`: these values to the day or moment that a spreadsheet holds as such, in place of the text. `titre`: its
    heading there, if that is not the name of the field. `page`: the column that pages show in its place, where they
    tidy what was written. `reponse`: it is somebody's answer, with an anchor of its name on the record's page; where it
    is empty pages write « non dit ».
    """

    nom: str
    paths: tuple[str, ...] = ()
    says: Callable[..., str] | None = None
    numeric: bool = False
    several: bool = False
    logical: bool = False
    moment: Callable[..., date | datetime | None] | None = None
    titre: str = ""
    page: "Column | None" = None
    reponse: bool = False
    made: Callable[[type[models.Model]], tuple[tuple[str, ...], Callable[..., str] | None]] | None = None

    def of(self, model: type[models.Model]) -> "Column":
        """The column with its paths and words, which a record type may decide; files are written with those."""
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
        """What it says of one record."""
        column = self.of(type(record))
        (text,) = column.texts({path: [at(record, path)] for path in column.paths})
        return text or ""

    def texts(self, block: Block) -> list[str | None]:
        """What it says of each record of a block."""
        said = self._said(block)
        return list(map(FILE.between.join, said)) if self.several else said

    def values(self, block: Block) -> list:
        """The same as a program takes it: a list, a number, true or false, a text; None where nothing is known."""
        said = self._said(block)
        if self.several:
            return said
        read = _number if self.numeric else "oui".__eq__ if self.logical else str
        return [read(text) if text else None for text in said]

    def _said(self, block: Block) -> list:
        values = [block[path] for path in self.paths]
        return list(map(self.says, *values)) if self.says else values[0]

    def moments(self, block: Block) -> list[date | datetime | None]:
        """The day or moment of each record of a block, for a column that has some."""
        return list(map(self.moment, *(block[path] for path in self.paths)))


def _number(text: str) -> int | float:
    return float(text) if "." in text or "e" in text else int(text)


def at(record, path: str):
    """What stands at the end of a path from a record: None behind an empty key, a list where there are several."""
    name, _, rest = path.partition("__")
    value = getattr(record, name)
    if hasattr(value, "all"):
        return [at(row, rest) if rest else row for row in value.all()]
    return at(value, rest) if rest and value is not None else value


def blocks_of(columns: list[Column], records: Iterable[models.Model]) -> Iterator[Block]:
    """What columns read of records that are there already: those of the desk, with their texts as written."""
    paths, records = paths_of(columns), iter(records)
    while block := list(islice(records, BLOCK)):
        yield {path: [at(record, path) for record in block] for path in paths}


def paths_of(columns: list[Column]) -> list[str]:
    """All that columns read, once each."""
    return list(dict.fromkeys(path for column in columns for path in column.paths))


def in_words(columns: list[Column], model: type[models.Model]) -> list[Column]:
    """The columns as people read them in a spreadsheet: headed by words, their days and moments held as such."""
    fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    return [_in_words(column.of(model), fields.get(column.nom)) for column in columns]


def _in_words(column: Column, field: models.Field | None) -> Column:
    titre = column.titre or capfirst(str(field.verbose_name) if field else column.nom.replace("_", " "))
    dated = isinstance(field, models.DateField)
    return replace(column, nom=titre, moment=column.moment or (_read_back(column) if dated else None))


def _read_back(column: Column) -> Callable[..., date | datetime | None]:
    """The day or the moment that the text of a column says."""

    def moment(*values):
        text = column.says(*values)
        read = date if len(text) == len("2026-03-12") else datetime
        return read.fromisoformat(text) if text else None

    return moment
