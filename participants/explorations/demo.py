"""Demo sheets of the exploration."""

from django.utils import timezone

from fiches.choice_lists import Choix
from fiches.choice_lookup import ListeDeChoix
from fiches.demo import load
from participants.explorations.models import Exploration
from participants.models import DEMONSTRATION


def load_explorations() -> None:
    profils = ListeDeChoix(Choix.Liste.PROFIL)
    for row in load("explorations"):
        chosen = [profils.get_or_create(nom) for nom in row.pop("profils")]
        relue_le = timezone.now() if row["accord_publication"] else None
        exploration = Exploration.objects.create(source=DEMONSTRATION, relue_le=relue_le, **row)
        exploration.profils.set(chosen)
        exploration.remember_demo()
