"""Who took part in the exploration, for the demo."""

from django.utils import timezone

from fiches.demo import load
from fiches.models import Choix
from fiches.reprise import ListeDeChoix
from fiches.suivi.models import DEMONSTRATION
from participants.explorations.models import Exploration


def load_explorations() -> None:
    profils = ListeDeChoix(Choix.Liste.PROFIL)
    for row in load("explorations"):
        chosen = [profils.get(nom) for nom in row.pop("profils")]
        relue_le = timezone.now() if row["accord_publication"] else None
        exploration = Exploration.objects.create(source=DEMONSTRATION, relue_le=relue_le, **row)
        exploration.profils.set(chosen)
        exploration.remember_demo()
