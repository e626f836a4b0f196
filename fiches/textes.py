"""Values of fields as text, to compare versions and to write files. A change here changes how edits are compared."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import QuerySet

SEPARATEUR = " | "  # between names of a many-to-many field


def as_text(value) -> str:
    """The value as text: equal values give equal texts."""
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
