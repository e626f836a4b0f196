"""Demo events."""

from datetime import timedelta

from django.utils import timezone

from fiches.demo import day, load, save_demo
from participants.evenements.models import Evenement


def load_evenements() -> int:
    """Saves the demo events; returns how many."""
    rows = load("evenements")
    for row in rows:
        save_demo(Evenement, _dated(row))
    return len(rows)


def _dated(row: dict) -> dict:
    """The row with real dates: coming events are counted from today. It was announced a month before, or today."""
    if "debut_dans_jours" in row:
        start = timezone.localtime() + timedelta(days=row.pop("debut_dans_jours"))
        start += timedelta(days=7 - start.weekday() if start.weekday() > 4 else 0)  # nobody comes at the weekend
        row["debut"] = start.replace(hour=9, minute=30, second=0, microsecond=0)
        row["fin"] = row["debut"] + timedelta(hours=row.pop("duree_heures"))
    else:
        row |= {name: day(row[name]) for name in ("debut", "fin")}
    announced = min(row["debut"] - timedelta(days=30), timezone.now())
    return row | {"date": timezone.localdate(announced).isoformat()}
