"""Calendar files: one UID per event for ever, a higher SEQUENCE at each change."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

from participants.evenements.dates import end_of_day

TYPE = "text/calendar"


def uid(evenement) -> str:
    """The UID, which stays the same for ever, wherever the site moves."""
    return f"evenement-{evenement.pk}@labacces"


def calendar(evenement, *, methode: str = "PUBLISH", le: datetime | None = None) -> bytes:
    """The .ics file of an event with a date. `methode`: "PUBLISH", or "CANCEL" to remove it.

    `le`: when it is sent, if it is: of two files with one sequence number, a calendar keeps the later.
    """
    day = timezone.localdate(evenement.debut)
    file = start(methode=methode, days=(day, day) if evenement.heure_connue else None)
    file.add_component(component(evenement, methode=methode, le=le))
    return file.to_ical()


def start(*, methode: str = "PUBLISH", days: tuple[date, date] | None) -> Calendar:
    """A calendar without events. `days`: first and last day on which one of known hours begins."""
    file = Calendar()
    file.add("prodid", "-//LabAccès//Agenda//FR")
    file.add("version", "2.0")
    file.add("method", methode)
    if days:
        file.add_component(_zone(timezone.get_default_timezone(), *days))
    return file


def component(evenement, *, methode: str = "PUBLISH", le: datetime | None = None) -> Event:
    zone = timezone.get_default_timezone()
    event = Event()
    event.add("uid", uid(evenement))
    event.add("sequence", evenement.sequence)
    event.add("dtstamp", le or evenement.modifiee_le)
    if evenement.datee:
        event.add("last-modified", evenement.modifiee_le)
    event.add("summary", evenement.titre_affiche)
    event.add("status", "CANCELLED" if evenement.is_annule or methode == "CANCEL" else "CONFIRMED")
    if evenement.heure_connue:
        event.add("dtstart", evenement.debut.astimezone(zone))
        if evenement.fin:
            event.add("dtend", evenement.fin.astimezone(zone))
    else:
        event.add("dtstart", timezone.localdate(evenement.debut))
        event.add("dtend", timezone.localdate(end_of_day(evenement.fin or evenement.debut)))
    if place := ", ".join(filter(None, (evenement.lieu, evenement.adresse))):
        event.add("location", place)
    if evenement.is_publiee:
        event.add("url", settings.SITE_URL + evenement.get_absolute_url())
    if evenement.resume:
        event.add("description", evenement.resume)
    return event


def _zone(zone, first: date, last: date) -> Timezone:
    """The rules of a zone from the first day to a year after the last.

    The English texts of the library are left out, as RFC 5545 does not require them.
    """
    component = Timezone.from_tzinfo(zone, first_date=first, last_date=last + timedelta(days=370))
    for part in component.walk():
        for name in ("COMMENT", "TZNAME"):
            part.pop(name, None)
    return component


def file_name(evenement) -> str:
    return f"{evenement.slug[:60]}.ics"
