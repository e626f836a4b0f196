"""Demo registrations. Load the demo events first."""

from fiches.demo import load
from participants.evenements.models import Evenement
from participants.inscriptions.attribution import lock_all
from participants.inscriptions.models import Inscription
from participants.models import DEMONSTRATION
from socle.journal.writing import lot


@lot()
def load_inscriptions() -> None:
    by_title = {evenement.titre: evenement for evenement in lock_all(Evenement.objects.values_list("pk", flat=True))}
    for row in load("inscriptions"):
        row["evenement"] = by_title[row["evenement"]]
        Inscription.objects.create(source=DEMONSTRATION, **row).remember_demo()
