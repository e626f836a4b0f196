"""Mails to everybody expected: the event moves, is called off, is near."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import courriels
from participants.inscriptions.attribution import lock
from participants.inscriptions.models import BesoinAcces, Inscription
from socle.journal.writing import lot

RAPPEL = timedelta(days=2)

S = Inscription.Statut


@lot()
def call_off(evenement: Evenement, message: str = "") -> int:
    """Tells everybody expected, with a calendar file. Returns how many; 0 if it was called off already."""
    evenement = lock(evenement)
    if evenement.is_annule:
        return 0
    evenement.change({"annule_le": timezone.now()}, reason="Événement annulé")
    BesoinAcces.objects.filter(inscription__evenement=evenement).delete()
    return _announce(evenement, message, courriels.called_off)


@lot()
def announce_change(evenement: Evenement, message: str = "") -> int:
    """Tells everybody expected where and when it was and is, with a calendar file. Returns how many."""
    evenement = lock(evenement)
    return _announce(evenement, message, partial(courriels.moved, avant=evenement.as_announced()))


@lot()
def write_to_all(evenement: Evenement, objet: str, message: str, statuts: list[str]) -> int:
    """Sends one mail to each person in one of `statuts`. Returns how many."""
    rows = [row for row in lock(evenement).inscriptions.filter(statut__in=statuts) if row.courriel]
    return sum(courriels.message(row, objet, message) for row in rows)


def _announce(evenement, message, write) -> int:
    Evenement.objects.filter(pk=evenement.pk).update(sequence_annoncee=evenement.sequence)
    rows = [row for row in evenement.inscriptions.expected().order_by("pk") if row.courriel]
    for row in rows:
        row.evenement = evenement
    return sum(write(row, message) for row in rows)


@lot()
def remind(evenement: Evenement) -> int:
    """Reminds people with a seat, once. Returns how many."""
    evenement, now = lock(evenement), timezone.now()
    if evenement.is_annule or not evenement.is_publiee or not now < evenement.debut <= now + RAPPEL:
        return 0
    rows = list(evenement.inscriptions.filter(statut=S.INSCRITE, rappelee_le=None).exclude(courriel=""))
    # Whoever confirmed within a day would read the same twice.
    fresh = [row for row in rows if row.confirmee_le and row.confirmee_le > now - timedelta(days=1)]
    count = sum(courriels.reminder(row) for row in rows if row not in fresh)
    Inscription.objects.filter(pk__in=[row.pk for row in rows]).update(rappelee_le=now)
    return count
