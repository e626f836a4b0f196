"""Run one task: under its lock, if it is due, and write down how it went."""

import io
import logging
from enum import Enum

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from socle.taches import verrou
from socle.taches.models import DernierPassage
from socle.taches.schedule import TacheProgrammee

REMEMBERED = 3  # days or weeks that are known to have had their run, whatever the clock does
WORDS = 2000  # characters of what a task said that are kept, at most


class EchecDejaDit(CommandError):
    """A failure that the command has told in the log itself, as often as it is worth."""


class Issue(Enum):
    """What became of a task that was looked at."""

    FAITE = "faite"
    EN_ECHEC = "en échec"
    DEJA_EN_COURS = "déjà en cours ailleurs"
    PAS_ENCORE = "pas encore"


def last_runs() -> dict[str, DernierPassage]:
    """{key of a task: its last run}. One query."""
    return DernierPassage.objects.in_bulk(field_name="cle")


def run(tache: TacheProgrammee) -> tuple[Issue, str]:
    """Run a task if it is due and nobody else does: what became of it, in its own words."""
    with verrou.alone(tache.cle) as held:
        if not held:
            return Issue.DEJA_EN_COURS, ""
        # Read once the lock is ours: whoever had it wrote down what it did.
        last, now = DernierPassage.objects.filter(cle=tache.cle).first(), timezone.now()
        if not tache.is_due(now, last):
            return Issue.PAS_ENCORE, ""
        last = last or DernierPassage(cle=tache.cle)
        last.debut, last.fin, last.etat, last.mots = now, None, DernierPassage.Etat.EN_COURS, ""
        last.save()
        done, said = _call(tache)
        last.fin, last.mots = timezone.now(), said
        last.etat = DernierPassage.Etat.REUSSI if done else DernierPassage.Etat.EN_ECHEC
        if done:
            last.reussi_le = last.fin
            last.periodes = [tache.periode(now), *last.periodes][:REMEMBERED] if not tache.minutes else []
        last.save()
    return (Issue.FAITE if done else Issue.EN_ECHEC), said


def _call(tache: TacheProgrammee) -> tuple[bool, str]:
    """Whether the command ended well, and what it said. Of a fault its name alone: its words may hold anything."""
    out, failed = io.StringIO(), ""
    logger = logging.getLogger(f"{__name__}.{tache.cle}")  # of its own: what fails of one hides nothing of another
    try:
        call_command(*tache.commande.split(), stdout=out, no_color=True)
    except CommandError as error:
        failed = str(error)
        level = logging.WARNING if isinstance(error, EchecDejaDit) else logging.ERROR
        logger.log(level, "Tâche « %s » en échec : %s", tache.cle, failed)
    except SystemExit as error:
        failed = f"code de sortie {error.code}" if error.code else ""
        if failed:
            logger.error("Tâche « %s » en échec : %s", tache.cle, failed)
    except Exception as error:
        failed = f"erreur du programme ({type(error).__name__}), voir le journal"
        logger.exception("Tâche « %s » en échec", tache.cle)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    said = [text for text in (out.getvalue().strip(), failed) if text]
    return not failed, _end("\n".join(said))


def _end(text: str) -> str:
    """The last lines of what a task said, whole: why it failed comes last."""
    if len(text) <= WORDS:
        return text
    kept = text[-WORDS:]
    return "… " + (kept.partition("\n")[2] or kept.partition(" ")[2])
