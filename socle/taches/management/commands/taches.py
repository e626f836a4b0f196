"""`manage.py taches`: run what is due. To be run every minute; twice at once does no harm."""

import logging
import subprocess
import sys
from contextlib import suppress

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils import timezone

from socle.francais.wording import moment
from socle.taches import schedule, verrou
from socle.taches.models import DernierPassage
from socle.taches.passage import Issue, last_runs, run

PAUSE = 60  # seconds between two looks at the short tasks, while a long one works

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Fait tout ce dont l’heure est venue : courriels, inscriptions, alertes, copies, purge… À lancer chaque minute "
        "(docs/taches.md) ; l’interrompre ou la lancer deux fois ensemble ne perd rien et ne fait rien deux fois."
    )

    def add_arguments(self, parser):
        keys = ", ".join(tache.cle for tache in schedule.every())
        parser.add_argument("--liste", action="store_true", help="dit ce qui se fait quand, et le dernier passage")
        parser.add_argument(
            "--seulement", metavar="TÂCHE", nargs="+", default=[], help=f"parmi celles-ci seulement : {keys}"
        )

    def handle(self, *, liste, seulement, verbosity, **options):
        chosen = named(seulement)
        self.verbosity, self.failed, self.done = verbosity, [], 0
        try:
            if liste:
                return self.tell(chosen)
            if off := [tache for tache in chosen if tache.eteinte and seulement]:
                raise CommandError(
                    "\n".join(f"La tâche « {one.cle} » est éteinte : mettez {one.eteinte} dans .env." for one in off)
                )
            chosen = [tache for tache in chosen if not tache.eteinte]
            apart = [tache for tache in chosen if tache.longue and not seulement]
            self.work([tache for tache in chosen if tache not in apart], apart)
        except Error as error:
            if not verbosity:  # the clock reads the log, whose lines have one form
                logger.error("La base de données ne répond pas : %s", type(error).__name__)
                sys.exit(1)
            raise CommandError(f"La base de données ne répond pas ({error}). Rien n’est perdu : relancez.") from None
        if self.failed:
            if not verbosity:  # each has said so in the log
                sys.exit(1)
            raise CommandError(f"En échec : {', '.join(self.failed)}. Le reste est fait.")
        if verbosity and not self.done:
            self.stdout.write("Rien à faire pour le moment.")

    def work(self, here, apart):
        """Run what is due; as long as a long task works, in its own process, look again at the short ones."""
        child = None
        while True:
            for tache in here:
                self.told(tache, *run(tache))
            if child and child[1].poll() is not None:
                self.ended(*child)
                child = None
            while apart and not child:
                tache = apart.pop(0)
                if tache.is_due(timezone.now(), last_runs().get(tache.cle)):
                    child = tache, start(tache, self.verbosity)
            if not child:
                return
            connection.close()
            with suppress(subprocess.TimeoutExpired):
                child[1].wait(PAUSE)

    def told(self, tache, issue, said):
        self.done += issue in (Issue.FAITE, Issue.EN_ECHEC)
        words = said.replace("\n", f"\n{' ' * len(tache.cle)}   ")
        if issue is Issue.EN_ECHEC:
            self.failed.append(tache.cle)
            if self.verbosity:
                self.stderr.write(f"{tache.cle} : {issue.value}. {words}")
        elif self.verbosity and (issue is Issue.FAITE or self.verbosity > 1):
            self.stdout.write(f"{tache.cle} : {words or issue.value}")

    def ended(self, tache, process):
        """The child has told by itself what it did, unless it was killed."""
        self.done += 1
        if process.returncode:
            self.failed.append(tache.cle)
        if process.returncode < 0:
            logger.error("Tâche « %s » interrompue par le signal %s.", tache.cle, -process.returncode)

    def tell(self, chosen):
        now, runs = timezone.now(), last_runs()
        for tache in chosen:
            self.stdout.write(f"{tache.cle} ({tache.rythme}) : {tache.quoi}")
            if tache.eteinte:
                self.stdout.write(f"    éteinte : {tache.eteinte} dans .env la met en marche")
                continue
            last = runs.get(tache.cle)
            due = tache.next(now, last)
            self.stdout.write(f"    {_ran(last)}")
            self.stdout.write(f"    à faire {'maintenant' if due <= now else moment(due)}")


def named(names: list[str]) -> list[schedule.TacheProgrammee]:
    """The tasks of these names, all without any; CommandError if a name is of no task."""
    tasks = schedule.every()
    known = [tache.cle for tache in tasks]
    if unknown := [name for name in names if name not in known]:
        raise CommandError(f"Aucune tâche ne s’appelle « {unknown[0]} ». Il y a : {', '.join(known)}.")
    return [tache for tache in tasks if not names or tache.cle in names]


def start(tache, verbosity: int) -> subprocess.Popen:
    """The task in a process of its own, which tells the same and writes down the same."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "taches", "--seulement", tache.cle]
    return subprocess.Popen([*command, "--verbosity", str(verbosity)])  # noqa: S603 - our own words


def _ran(last: DernierPassage | None) -> str:
    if last is None:
        return "jamais faite"
    state = last.get_etat_display()
    if last.etat == DernierPassage.Etat.EN_COURS:
        with verrou.alone(last.cle) as free:
            state = "interrompu" if free else state
    words, _, more = last.mots.partition("\n")
    return f"dernier passage {moment(last.debut)}, {state}{f' : {words}' if words else ''}{' …' if more else ''}"
