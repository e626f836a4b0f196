"""Whether mails leave: what the desk, /sante/ and the log say of it, by one count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from socle.courrier.models import A_ENVOYER, Courriel, Etat

PATIENCE = timedelta(minutes=20)  # that a mail may wait: a sender's lease is ten


@dataclass(frozen=True)
class CourrielsBloques:
    """Mails that do not leave.

    `attendent`: how many the sender has still to send; `depuis`: when the oldest of them was deposited, whatever was
    tried since; `en_vain`: how many of them were tried, and did not leave; `en_echec`: how many the sender has given
    up, and wait for somebody at the desk.
    """

    attendent: int
    depuis: datetime | None
    en_vain: int
    en_echec: int

    @property
    def age(self) -> timedelta:
        """Since when the oldest waits; nothing if none does."""
        return timezone.now() - self.depuis if self.depuis else timedelta()

    def __bool__(self):
        """Whether somebody is to look: from the first failure on, or where nothing is tried (the timer is stopped)."""
        return bool(self.en_vain or self.en_echec or self.age > PATIENCE)


def stuck() -> CourrielsBloques:
    """The mails that do not leave. One query."""
    waiting = Q(etat__in=A_ENVOYER)
    return CourrielsBloques(
        **Courriel.objects.order_by()
        .filter(waiting | Q(etat=Etat.EN_ECHEC))
        .aggregate(
            attendent=Count("pk", filter=waiting),
            depuis=Min("cree_le", filter=waiting),
            en_vain=Count("pk", filter=Q(etat=Etat.A_REESSAYER, essais__gt=0) | Q(etat=Etat.EN_COURS, essais__gt=1)),
            en_echec=Count("pk", filter=Q(etat=Etat.EN_ECHEC)),
        )
    )
