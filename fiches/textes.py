"""A field's value as text, by which two versions of it are compared."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import QuerySet

SEPARATEUR = " | "  # between the names of a several-choice field, as exports write them


def as_text(value) -> str:
    """A field's value as text, by which two versions of it are compared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "all"):
        value = value.all()
    if isinstance(value, list | QuerySet):
        return SEPARATEUR.join(sorted(str(row) for row in value))
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
