"""What has to be done without anybody asking, every day or oftener: ends, offers, reminders, what is forgotten."""

from dataclasses import dataclass

from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import annonces, attribution
from participants.inscriptions.models import Inscription
from socle.formulaires import garde


@dataclass
class BilanDeSuivi:
    evenements: int = 0
    rappels: int = 0
    delais: int = 0
    propositions: int = 0


def follow() -> BilanDeSuivi:
    """Do it. Each event is its own transaction: one that fails leaves the others done. Twice changes nothing more."""
    now, bilan = timezone.now(), BilanDeSuivi()
    for evenement in (
        Evenement.objects.filter(termine_le__gte=now, inscriptions__isnull=False).distinct().order_by("pk")
    ):
        before = _counts(evenement)
        attribution.put_in_order(evenement)
        after = _counts(evenement)
        bilan.evenements += 1
        bilan.delais += after["expiree"] - before["expiree"]
        bilan.propositions += max(0, after["proposee"] - before["proposee"])
        bilan.rappels += annonces.remind(evenement)
    garde.forget()
    return bilan


def _counts(evenement) -> dict[str, int]:
    rows = evenement.inscriptions
    return {
        "expiree": rows.filter(statut=Inscription.Statut.EXPIREE).count(),
        "proposee": rows.filter(statut=Inscription.Statut.PROPOSEE).count(),
    }
