"""What all who are expected at an event are told at once: it moves, it is called off, it comes near."""

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
    """Call an event off and tell everybody who is expected, calendar file included; how many. Twice is once."""
    evenement = lock(evenement)
    if evenement.is_annule:
        return 0
    evenement.change({"annule_le": timezone.now()}, reason="Événement annulé")
    BesoinAcces.objects.filter(inscription__evenement=evenement).delete()
    return _announce(evenement, message, courriels.called_off)


@lot()
def announce_change(evenement: Evenement, message: str = "") -> int:
    """Tell everybody who is expected where and when the event was and now is, calendar file included; how many."""
    evenement = lock(evenement)
    return _announce(evenement, message, partial(courriels.moved, avant=evenement.as_announced()))


@lot()
def write_to_all(evenement: Evenement, objet: str, message: str, statuts: list[str]) -> int:
    """One mail each to those in one of `statuts`; how many."""
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
    """Remind, once, those who have a seat; how many."""
    evenement, now = lock(evenement), timezone.now()
    if evenement.is_annule or not evenement.is_publiee or not now < evenement.debut <= now + RAPPEL:
        return 0
    rows = list(evenement.inscriptions.filter(statut=S.INSCRITE, rappelee_le=None).exclude(courriel=""))
    # Whoever registered since the day before would read the same thing twice.
    fresh = [row for row in rows if row.confirmee_le and row.confirmee_le > now - timedelta(days=1)]
    count = sum(courriels.reminder(row) for row in rows if row not in fresh)
    Inscription.objects.filter(pk__in=[row.pk for row in rows]).update(rappelee_le=now)
    return count
