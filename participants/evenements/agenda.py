"""The agenda as calendars subscribe to it: each event as in its own file, with the same UID."""

from collections.abc import Iterator

from django.db.models import Max, Min
from django.http import StreamingHttpResponse
from django.utils import timezone

from participants.evenements import ics
from participants.evenements.models import Evenement
from socle.catalogue.columns import BLOCK
from socle.vues import licence
from socle.vues.fichier_csv import named
from socle.vues.flux import one_line
from socle.vues.vue import Vue


def as_ics(view, selection):
    body = _calendar(selection, licence.chosen())
    return named(StreamingHttpResponse(body, content_type=f"{ics.TYPE}; charset=utf-8"), selection, "ics")


def _calendar(selection, conditions: licence.Licence) -> Iterator[bytes]:
    """A calendar in pieces: head, blocks of events, end. Events without a date are left out."""
    timed = Evenement.objects.published().filter(heure_connue=True).aggregate(first=Min("debut"), last=Max("debut"))
    days = tuple(map(timezone.localdate, timed.values())) if timed["first"] else None
    file = ics.start(days=days)
    file.add("x-wr-calname", one_line(selection.phrase(sujet="LabAccès : agenda")))  # a number would soon be wrong
    if conditions.nom:
        file.add("x-wr-caldesc", one_line(f"Licence : {conditions.nom}, {conditions.adresse}"))
    head, end = file.to_ical().split(b"END:VCALENDAR")
    yield head
    keys = selection.keys()
    for place in range(0, len(keys), BLOCK):
        rows = selection.rows(keys[place : place + BLOCK]).in_bulk()
        events = (rows[key] for key in keys[place : place + BLOCK] if key in rows)
        yield b"".join(ics.component(one).to_ical() for one in events if one.debut)
    yield b"END:VCALENDAR" + end


ICS = Vue(
    "ics",
    "{}.ics",
    as_ics,
    fichier=True,
    flux="text/calendar",
    rubrique="agenda",
    mots="Fichier d’agenda (ICS)",
)
ABONNEMENT = Vue(
    "abonnement",
    "",
    as_ics,
    ailleurs="{}:ics",
    fichier=True,
    rubrique="agenda",
    mots="S’abonner dans votre agenda",
    schema="webcal",
)
