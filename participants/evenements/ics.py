"""An event as a calendar takes it: one UID for ever, a higher SEQUENCE at each change."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

from participants.evenements.dates import end_of_day

TYPE = "text/calendar"


def uid(evenement) -> str:
    """The same for ever, wherever the site moves."""
    return f"evenement-{evenement.pk}@labacces"


def calendar(evenement, *, methode: str = "PUBLISH", le: datetime | None = None) -> bytes:
    """The .ics file of an event that has a date. `methode`: "PUBLISH", or "CANCEL" to take it out of a calendar.

    `le`: when it is sent, if it is: of two files of one revision, a calendar keeps the later.
    """
    zone = timezone.get_default_timezone()
    file = Calendar()
    file.add("prodid", "-//LabAccès//Agenda//FR")
    file.add("version", "2.0")
    file.add("method", methode)
    event = Event()
    event.add("uid", uid(evenement))
    event.add("sequence", evenement.sequence)
    event.add("dtstamp", le or evenement.modifiee_le)
    if evenement.datee:
        event.add("last-modified", evenement.modifiee_le)
    event.add("summary", evenement.titre_affiche)
    event.add("status", "CANCELLED" if evenement.is_annule or methode == "CANCEL" else "CONFIRMED")
    if evenement.heure_connue:
        start = evenement.debut.astimezone(zone)
        file.add_component(_zone(zone, start.date()))
        event.add("dtstart", start)
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
    file.add_component(event)
    return file.to_ical()


def _zone(zone, day) -> Timezone:
    """The hours of a zone for a year from `day` on, less what the library adds in English: RFC 5545 needs neither."""
    component = Timezone.from_tzinfo(zone, first_date=day, last_date=day + timedelta(days=370))
    for part in component.walk():
        for name in ("COMMENT", "TZNAME"):
            part.pop(name, None)
    return component


def file_name(evenement) -> str:
    return f"{evenement.slug[:60]}.ics"
