"""Columns of exports, declared once per record type, and the cells a spreadsheet can open without danger."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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

    `moment`: record to the moment that a workbook holds as such, in place of the text.
    """

    nom: str
    value: Callable[[object], str]
    numeric: bool = False
    moment: Callable[[object], datetime | None] | None = None

    def cell(self, fiche) -> str:
        """The record's cell as a file holds it."""
        value = self.value(fiche)
        return value if self.numeric else protect(value)
