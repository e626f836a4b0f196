"""The state of the outbox, for /sante/ and the desk: no mail can tell that mails do not leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from socle.courrier.models import Courriel

# A mail leaves within a minute. After five more, the sender has stopped.
RETARD = timedelta(minutes=6)
# For /sante/: three days, a week-end included. The desk lists failures until somebody settles them.
ECHECS_DITS = timedelta(days=3)


@dataclass(frozen=True)
class EtatDuCourrier:
    """`retenus`: mails that wait after a failure, or because no sender runs."""

    en_attente: int
    retenus: int
    #: when the oldest of `retenus` was deposited
    depuis: datetime | None
    #: given up by the site lately, and not settled at the desk
    en_echec: int

    @property
    def bon(self) -> bool:
        return not (self.retenus or self.en_echec)


def look() -> EtatDuCourrier:
    """Counts the outbox in two queries, each on an index."""
    now = timezone.now()
    held = Courriel.RETENU | Q(prochain_essai__lt=now - RETARD)
    waiting = Courriel.objects.waiting().aggregate(
        en_attente=Count("pk"), retenus=Count("pk", filter=held), depuis=Min("cree_le", filter=held)
    )
    return EtatDuCourrier(**waiting, en_echec=Courriel.objects.given_up().since(now - ECHECS_DITS).count())
