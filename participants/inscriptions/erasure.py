"""Erasing a registration from its personal page, and the day of its purge."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from participants.inscriptions.attribution import lock_all
from participants.inscriptions.models import Inscription
from socle.courrier import liens
from socle.journal.writing import lot
from socle.vie_privee import conservation, gestes, purge

EFFACEE = "inscription-effacee"


@lot()
def forget(inscription: Inscription) -> None:
    """Erases a registration, and its seat goes to the waiting list. Once the event is over, only empties it."""
    gestes.note(EFFACEE, [inscription])
    forget_again(inscription, timezone.now())


@lot()
def forget_again(inscription: Inscription, moment: datetime) -> bool:
    """Erases or empties it as of that moment: whoever left before the event is not counted."""
    traitement = conservation.for_rows_of(Inscription)
    # The event is locked first, as everywhere in `places`, or two transactions could wait for each other.
    events = lock_all([inscription.evenement_id])
    if all(evenement.termine_le is None or moment <= evenement.termine_le for evenement in events):
        purge.erase(traitement, inscription)
        return True
    purge.empty(traitement, [inscription])
    inscription.courriels.all().delete()
    liens.revoke(inscription)
    return True


def kept_until(inscription: Inscription) -> date:
    ended = (inscription.evenement and inscription.evenement.termine_le) or inscription.cree_le
    return timezone.localdate(ended + timedelta(days=conservation.for_rows_of(Inscription).jours))
