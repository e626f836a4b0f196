"""Demo data of the room: events, who registered for one of them, who took part in the exploration."""

from datetime import timedelta

from django.utils import timezone

from fiches.demo import day, load, save_demo
from fiches.models import Choix
from fiches.reprise import ListeDeChoix
from fiches.suivi.models import DEMONSTRATION


def load_all() -> int:
    """Save the demo data of all three types; how many events."""
    from participants.evenements.models import Evenement

    rows = load("evenements")
    for row in rows:
        save_demo(Evenement, _dated(row))
    load_inscriptions(Evenement)
    load_explorations()
    return len(rows)


def _dated(row: dict) -> dict:
    """A row with its dates as such. One to come is counted from today; it was announced a month before, or today."""
    if "debut_dans_jours" in row:
        start = timezone.localtime() + timedelta(days=row.pop("debut_dans_jours"))
        start += timedelta(days=7 - start.weekday() if start.weekday() > 4 else 0)  # nobody comes on a Sunday
        row["debut"] = start.replace(hour=9, minute=30, second=0, microsecond=0)
        row["fin"] = row["debut"] + timedelta(hours=row.pop("duree_heures"))
    else:
        row |= {name: day(row[name]) for name in ("debut", "fin")}
    announced = min(row["debut"] - timedelta(days=30), timezone.now())
    return row | {"date": timezone.localdate(announced).isoformat()}


def load_inscriptions(evenements) -> None:
    from participants.inscriptions.models import Inscription

    by_title = {evenement.titre: evenement for evenement in evenements.objects.all()}
    for row in load("inscriptions"):
        row["evenement"] = by_title[row["evenement"]]
        Inscription.objects.create(source=DEMONSTRATION, **row).remember_demo()


def load_explorations() -> None:
    from participants.explorations.models import Exploration

    profils = ListeDeChoix(Choix.Liste.PROFIL)
    for row in load("explorations"):
        chosen = [profils.get(nom) for nom in row.pop("profils")]
        relue_le = timezone.now() if row["accord_publication"] else None
        exploration = Exploration.objects.create(source=DEMONSTRATION, relue_le=relue_le, **row)
        exploration.profils.set(chosen)
        exploration.remember_demo()
