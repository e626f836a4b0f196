"""Dates of events: in a title, and in words."""

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from socle.francais.wording import heure, jour_en_lettres

_DATE = re.compile(r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})(?![\d/])")
_BEFORE = re.compile(r"(?<![\s(,:–—-])[\s(,:–—-]*+(?:(?<!\w)(?:du|le|au))?\s*$", re.IGNORECASE)
_AFTER = re.compile(r"^[\s),:–—-]+")
YEARS = range(2000, 2101)
ICI = " (heure de Paris)"  # after hours


def check_year(moment: datetime) -> None:
    """ValidationError if the site cannot write or count with it."""
    if moment.year not in YEARS:
        raise ValidationError(f"Donnez une date entre {YEARS[0]} et {YEARS[-1]}.", code="annee")


def split_date(titre: str) -> tuple[str, date | None]:
    """« Balise MedLové du 4/07/24 » → ("Balise MedLové", 4 July 2024): dd/mm/yy or dd/mm/yyyy.

    (titre, None) without such a date, with an impossible one, or with several different ones.
    """
    found = list(_DATE.finditer(titre))
    dates = {_read(match) for match in found}
    if len(dates) != 1 or None in dates:
        return titre, None
    rest = titre
    for match in reversed(found):
        before, after = _BEFORE.sub("", rest[: match.start()]), _AFTER.sub("", rest[match.end() :])
        rest = " ".join(filter(None, (before, after.strip())))
    return rest or titre, dates.pop()


def _read(match: re.Match) -> date | None:
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    try:
        found = date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return found if year in YEARS else None


def midnight(day: date) -> datetime:
    """The start of `day`, in local time."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of_day(moment: datetime) -> datetime:
    """The end of the day of `moment`, in local time: the next midnight."""
    return midnight(timezone.localdate(moment) + timedelta(days=1))


def jour(day: date, *, annee: bool = True) -> str:
    """« vendredi 15 novembre 2024 », « mardi 1er avril 2025 »."""
    words = f"{date_format(day, 'l')} {jour_en_lettres(day)}"
    return words if annee else words.removesuffix(f" {day.year}")


def instant(moment: datetime) -> str:
    """« vendredi 15 novembre 2024 à 9 h 30 »."""
    return f"{jour(timezone.localdate(moment))} à {heure(moment)}"


def periode(debut: datetime | None, fin: datetime | None, *, heure_connue: bool) -> str:
    """When an event takes place: « vendredi 15 novembre 2024, de 9 h 30 à 17 h (heure de Paris) »; "" without a date.

    Times are in settings.TIME_ZONE.
    """
    if debut is None:
        return ""
    first, last = timezone.localdate(debut), timezone.localdate(fin) if fin else None
    if not heure_connue:
        if last in (None, first):
            return jour(first)
        return f"du {jour(first, annee=first.year != last.year)} au {jour(last)}"
    if last is None:
        words = instant(debut)
    elif last == first:
        words = f"{jour(first)}, de {heure(debut)} à {heure(fin)}"
    else:
        words = f"du {instant(debut)} au {instant(fin)}"
    return f"{words}{ICI}"
