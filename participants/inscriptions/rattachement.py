"""Giving registrations the event that the old site's dump does not tell."""

from django.db import transaction
from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import places
from participants.inscriptions.models import AnomalieInscription, Inscription
from participants.models import TypeAnomalie


@transaction.atomic
def assign(inscriptions, *, evenement: Evenement, user=None) -> int:
    """Tie registrations (a queryset) to `evenement` and settle what was open about that; how many changed."""
    pks = list(inscriptions.order_by().values_list("pk", flat=True))
    count = places.attach(evenement, pks)
    settle(Inscription.objects.filter(pk__in=pks, evenement=evenement), user=user)
    return count


def settle(inscriptions, *, user=None) -> None:
    """Mark as settled that the event of these registrations was not known."""
    anomalies = AnomalieInscription.objects.open().filter(type=TypeAnomalie.EVENEMENT_A_PRECISER)
    anomalies.filter(participant__in=inscriptions.order_by().values("pk")).update(
        reglee_le=timezone.now(), reglee_par=user
    )
