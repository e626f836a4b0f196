"""The tasks that the clock runs: the table TACHES of the settings."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from socle.taches.models import DernierPassage

RETARD = timedelta(minutes=5)  # that a task may have
RETRY_AFTER = timedelta(hours=1)  # before a task of the day or the week that failed is tried again
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class TacheProgrammee:
    """A command that the clock runs, with its options, as a row of TACHES says it. `quoi`: what for.

    It runs every so many `minutes`; else at the `heure` of each day, or of one `jour` of the week. `longue`: in a
    process of its own, so that others go on. `reglage`: the setting that turns the task on; "" if it is always on.
    """

    cle: str
    commande: str
    quoi: str
    minutes: int = 0
    heure: str = "00:00"
    jour: str = ""
    longue: bool = False
    reglage: str = ""

    @property
    def rythme(self) -> str:
        """« chaque heure », « le lundi à 07:23 »."""
        if self.minutes:
            return {1: "chaque minute", 60: "chaque heure"}.get(self.minutes, f"toutes les {self.minutes} minutes")
        return f"{f'le {self.jour}' if self.jour else 'chaque jour'} à {self.heure}"

    @property
    def eteinte(self) -> str:
        """How to turn on a task that is off: « VERIFIER_LIENS=oui »; "" if it is on."""
        return f"{self.reglage}=oui" if self.reglage and not getattr(settings, self.reglage) else ""

    @property
    def duree(self) -> timedelta:
        """From one time to the next."""
        return timedelta(minutes=self.minutes) if self.minutes else timedelta(days=7 if self.jour else 1)

    def periode(self, now: datetime) -> str:
        """The day or the week of a moment, which begins at our hour: « 2026-11-28 », the day it began."""
        local = timezone.localtime(now)
        day = local.date() - timedelta(days=local.time() < time.fromisoformat(self.heure))
        return str(day - timedelta(days=(day.weekday() - JOURS.index(self.jour)) % 7 if self.jour else 0))

    def is_due(self, now: datetime, last: DernierPassage | None) -> bool:
        """Whether a task that last ran so is to run.

        A clock that was set back or forward makes no time of waiting, and no second run of a day: what was begun later
        than now is no reason to wait, and the last days that had their run are remembered by name.
        """
        if last is None:
            return True
        since = _minute(now) - _minute(last.debut)
        if self.minutes:
            return not timedelta(0) <= since < self.duree
        if self.periode(now) in last.periodes:
            return False
        return last.etat == DernierPassage.Etat.REUSSI or not timedelta(0) <= since < RETRY_AFTER

    def next(self, now: datetime, last: DernierPassage | None) -> datetime:
        """When it is due next: `now` if it is."""
        if self.is_due(now, last):
            return now
        if self.minutes:
            return _minute(last.debut) + self.duree
        if self.periode(now) not in last.periodes:
            return _minute(last.debut) + RETRY_AFTER
        begun = self._begun(now)
        while str((begun + self.duree).date()) in last.periodes:
            begun += self.duree
        return timezone.make_aware(begun + self.duree)

    def due_since(self, now: datetime, last: DernierPassage) -> datetime:
        """When a task that last ran so fell due; a moment to come if it has still time."""
        if self.minutes:
            return _minute(last.debut) + self.duree
        return now if self.periode(now) in last.periodes else timezone.make_aware(self._begun(now))

    def _begun(self, now: datetime) -> datetime:
        """When the day or the week of a moment began, by the clock on the wall."""
        return datetime.combine(datetime.fromisoformat(self.periode(now)), time.fromisoformat(self.heure))


def _minute(moment: datetime) -> datetime:
    """A timer is never quite on time: what runs every minute is told by its minute."""
    return moment.replace(second=0, microsecond=0)


def every() -> list[TacheProgrammee]:
    """All tasks in the order of the table, those that are off too."""
    return [TacheProgrammee(cle, **row) for cle, row in settings.TACHES.items()]


def turned_on() -> list[TacheProgrammee]:
    """The tasks that are on, in that order."""
    return [tache for tache in every() if not tache.eteinte]


def is_late(tache: TacheProgrammee, now: datetime, runs: dict[str, DernierPassage]) -> bool:
    """Whether a task should have begun five minutes ago; one of the night waits for another that is at work.

    One that is killed at each run always seems at work, or just begun: its last success tells, whatever else is so.
    """
    last = runs.get(tache.cle)
    if last is None or last.reussi_le is None or now - last.reussi_le > 2 * tache.duree + RETRY_AFTER:
        return True
    if tache.longue and any(_works(one, now, runs.get(one.cle)) for one in turned_on() if one.longue):
        return False
    return now - tache.due_since(now, last) > RETARD


def _works(tache: TacheProgrammee, now: datetime, last: DernierPassage | None) -> bool:
    """Whether it seems at work: a run that says « en cours » longer than a whole period was killed."""
    return bool(last) and last.etat == DernierPassage.Etat.EN_COURS and now - last.debut < tache.duree
