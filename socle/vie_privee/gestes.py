"""What somebody does by themselves to what the site keeps of them, and that a restored backup has to do again.

An erasure (`personnes.forget`) is about an address; a gesture is about one row, or one setting of it, and nothing else.
Declared in the `declaration.py` of the app whose row it is; done by `do`, or noted by the function that does it, in its
transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from socle.journal.writing import lot
from socle.rooms import rooms
from socle.vie_privee import effacements
from socle.vie_privee.anciennete import own_date
from socle.vie_privee.models import Effacement


def told_apart(row: models.Model) -> str:
    """What tells a row from any other for good: a restored backup may give its key to another."""
    return f"{row.pk} {own_date(row).isoformat(timespec='seconds')}"


def _erase(row: models.Model, moment: datetime) -> bool:
    row.delete()
    return True


@dataclass(frozen=True)
class Geste:
    """`cle`: its kind on the list, in lower case. `sur`: a row to what tells it from any other, "" for none.

    `refaire`: (row, moment) does what was done at that moment, or does it again, unless the person has changed their
    mind since; whether there was something to do. An erasure unless it is said.
    """

    cle: str
    modele: str
    sur: Callable[[models.Model], str] = told_apart
    refaire: Callable[[models.Model, datetime], bool] = _erase

    @property
    def rows(self) -> QuerySet:
        return apps.get_model(self.modele)._base_manager.order_by("pk")


def known() -> dict[str, Geste]:
    """What the rooms declare, by key."""
    return {geste.cle: geste for room in rooms() for geste in room.gestes}


def note(cle: str, rows: Iterable[models.Model]) -> None:
    """Put on the list what is being done to these rows, in the transaction that does it."""
    geste = known()[cle]
    effacements.inscribe([effacements.keyed(cle, geste.sur(row)) for row in rows if geste.sur(row)], cle)


@lot()
def do(cle: str, row: models.Model) -> None:
    """Do it, and put it on the list; nothing to do if the row is gone already."""
    geste = known()[cle]
    if row := geste.rows.select_for_update().filter(pk=row.pk).first():
        note(cle, [row])
        geste.refaire(row, timezone.now())


def is_known(line: Effacement) -> bool:
    """Whether this version of the site can do again what a line tells; that of an address always."""
    return not line.genre or line.genre in known()


def replay(lines: Iterable[Effacement]) -> int:
    """Do again what these lines tell; to how many rows there was something to do."""
    wanted: dict[str, dict[str, datetime]] = defaultdict(dict)
    for line in lines:
        wanted[line.genre][line.empreinte] = line.efface_le
    return sum(_replay(geste, wanted[cle]) for cle, geste in known().items() if cle in wanted)


def _replay(geste: Geste, moments: dict[str, datetime]) -> int:
    found = [
        (row.pk, moment) for row in geste.rows if (moment := moments.get(effacements.keyed(geste.cle, geste.sur(row))))
    ]
    done = 0
    for pk, moment in found:
        with lot():
            row = geste.rows.filter(pk=pk).first()
            done += bool(row and geste.refaire(row, moment))
    return done
