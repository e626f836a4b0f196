"""Demo registrations, once their events are there."""

from fiches.demo import load
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from participants.models import DEMONSTRATION


def load_inscriptions() -> None:
    by_title = {evenement.titre: evenement for evenement in Evenement.objects.all()}
    for row in load("inscriptions"):
        row["evenement"] = by_title[row["evenement"]]
        Inscription.objects.create(source=DEMONSTRATION, **row).remember_demo()
