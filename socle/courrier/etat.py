"""How mails stand, for /sante/ and the desk: a mail server that fails is told otherwise than by mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from socle.courrier.models import Courriel

# A mail leaves within the minute. Five more, and whoever sends them has stopped.
RETARD = timedelta(minutes=6)
# Mails given up are told for as long, a week-end included; the desk lists them until somebody settles them.
ECHECS_DITS = timedelta(days=3)


@dataclass(frozen=True)
class EtatDuCourrier:
    """What became of the outbox. `retenus`: mails that failed at least once, or that nobody sends; they still wait."""

    en_attente: int
    retenus: int
    #: when the oldest of `retenus` was deposited, not when it is tried next
    depuis: datetime | None
    #: given up by the site lately, and not settled at the desk
    en_echec: int

    @property
    def bon(self) -> bool:
        return not (self.retenus or self.en_echec)


def look() -> EtatDuCourrier:
    """How mails stand now. Two queries, each of an index."""
    now = timezone.now()
    held = Courriel.RETENU | Q(prochain_essai__lt=now - RETARD)
    waiting = Courriel.objects.waiting().aggregate(
        en_attente=Count("pk"), retenus=Count("pk", filter=held), depuis=Min("cree_le", filter=held)
    )
    return EtatDuCourrier(**waiting, en_echec=Courriel.objects.given_up().since(now - ECHECS_DITS).count())
