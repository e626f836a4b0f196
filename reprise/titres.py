"""Titles of a dump: their order, their date, and how much a line looks like one."""

import re
import unicodedata

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|fevrier|aout|decembre"
_DATE = re.compile(
    rf"(?<!\d)(?:[0-3]?\d\s?[/.-]\s?[01]?\d\s?[/.-]\s?(?:\d{{4}}|\d\d)|\d{{4}}-[01]\d-[0-3]\d)(?!\d)"
    rf"|(?<!\d)(?:[0-3]?\d|1er)\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{4}}(?!\d)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S*$", re.IGNORECASE)


def sort_key(title: str) -> str:
    """The old site's sort key: upper case without accents, then code points."""
    title = title.strip()
    if not title.isascii():
        title = "".join(char for char in unicodedata.normalize("NFD", title) if not unicodedata.combining(char))
    return title.upper()


def has_date(title: str) -> bool:
    """Whether a title holds a day, or a month with its year."""
    return bool(_DATE.search(title))


def oddness(line: str) -> float:
    """How little a line looks like a title: 0 for nothing odd."""
    cost = 0.0
    if _ADDRESS.match(line):
        cost += 8
    if line.startswith(("- ", "• ", "→ ", "o ")):
        cost += 6
    if len(line) > 200:
        cost += 3
    if line.endswith((".", ";", ",", ":")):
        cost += 0.6
    return cost
