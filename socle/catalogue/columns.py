"""Columns of exports, declared once per record type, and the cells a spreadsheet can open without danger."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from socle.francais.valeurs import read_moment

# What a spreadsheet takes for a formula, behind any number of our own apostrophes and blanks.
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")


def protect(text: str) -> str:
    """`text` with one apostrophe before it if a spreadsheet would run it as a formula (« - … » included)."""
    return f"'{text}" if _FORMULA.match(text) else text


def unprotect(text: str) -> str:
    """The inverse of `protect`: exactly one apostrophe is taken off, and only where `protect` had put one."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


@dataclass(frozen=True)
class Column:
    """A column of an export. `value`: record to text, number as text, or "". `numeric`: spared by `protect`.

    `moment`: record to the day or moment that a spreadsheet holds as such, in place of the text. `titre`: its heading
    there, if that is not the name of the field.
    """

    nom: str
    value: Callable[[object], str]
    numeric: bool = False
    moment: Callable[[object], date | datetime | None] | None = None
    titre: str = ""

    def cell(self, fiche) -> str:
        """The record's cell as a file holds it."""
        value = self.value(fiche)
        return value if self.numeric else protect(value)


def in_words(columns: list[Column], model: type[models.Model]) -> list[Column]:
    """The columns as people read them in a spreadsheet: headed by words, their days and moments held as such."""
    fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
    return [_in_words(column, fields.get(column.nom)) for column in columns]


def _in_words(column: Column, field: models.Field | None) -> Column:
    titre = column.titre or capfirst(str(field.verbose_name) if field else column.nom.replace("_", " "))
    dated = isinstance(field, models.DateField)
    return replace(column, nom=titre, moment=column.moment or (_read_back(column) if dated else None))


def _read_back(column: Column) -> Callable[[object], date | datetime | None]:
    """The day or the moment that the text of a column says."""

    def moment(row):
        found, timed = read_moment(column.value(row)) or (None, False)
        return found if timed or found is None else timezone.localdate(found)

    return moment
