"""Somebody asks from their own page that nothing of their registration is kept; until when it is, if they do not."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from participants.inscriptions.attribution import lock_all
from participants.inscriptions.models import Inscription
from socle.courrier import liens
from socle.journal.writing import lot
from socle.vie_privee import gestes, purge, registre

EFFACEE = "inscription-effacee"


@lot()
def forget(inscription: Inscription) -> None:
    """Erase a registration, whose seat goes to whoever waits; once its event is over, empty it as the purge will."""
    gestes.note(EFFACEE, [inscription])
    forget_again(inscription, timezone.now())


@lot()
def forget_again(inscription: Inscription, moment: datetime) -> bool:
    """Erase it as it was to be at that moment: who left before the event is not counted at it."""
    traitement = registre.for_rows_of(Inscription)
    # The event first, as everything in `places`: two who wait for each other would wait for ever.
    events = lock_all([inscription.evenement_id])
    if all(evenement.termine_le is None or moment <= evenement.termine_le for evenement in events):
        purge.erase(traitement, inscription)
        return True
    purge.empty(traitement, [inscription])
    inscription.courriels.all().delete()
    liens.revoke(inscription)
    return True


def kept_until(inscription: Inscription) -> date:
    """The day on which the purge will empty it."""
    ended = (inscription.evenement and inscription.evenement.termine_le) or inscription.cree_le
    return timezone.localdate(ended + timedelta(days=registre.for_rows_of(Inscription).jours))
