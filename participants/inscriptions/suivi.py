"""Regular work on registrations: expiry, offers, reminders, old counts. Run it each day or more often."""

from dataclasses import dataclass

from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import annonces, attribution
from participants.inscriptions.models import Inscription
from socle.formulaires import protection


@dataclass
class BilanDeSuivi:
    evenements: int = 0
    rappels: int = 0
    delais: int = 0
    propositions: int = 0


def follow() -> BilanDeSuivi:
    """Follows each coming event in its own transaction: one that fails leaves the others done. May be repeated."""
    now, bilan = timezone.now(), BilanDeSuivi()
    for evenement in (
        Evenement.objects.filter(termine_le__gte=now, inscriptions__isnull=False).distinct().order_by("pk")
    ):
        before = evenement.inscriptions.by_state()
        attribution.put_in_order(evenement)
        more = evenement.inscriptions.by_state() - before
        bilan.evenements += 1
        bilan.delais += more[Inscription.Statut.EXPIREE]
        bilan.propositions += more[Inscription.Statut.PROPOSEE]
        bilan.rappels += annonces.remind(evenement)
    protection.forget()
    return bilan
