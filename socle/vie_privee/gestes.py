"""Actions of persons on their own data, which a restored backup must do again.

An erasure (`personnes.forget`) concerns an address; a gesture, one row or a setting of it. The row's app declares it in
`declaration.py`. `do` carries it out; other functions call `note` in their transaction.
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
from socle.vie_privee import erasure_list
from socle.vie_privee.anciennete import own_date
from socle.vie_privee.models import Effacement


def told_apart(row: models.Model) -> str:
    """Identifies a row for good: a restored backup may reuse its key."""
    return f"{row.pk} {own_date(row).isoformat(timespec='seconds')}"


def _erase(row: models.Model, moment: datetime) -> bool:
    row.delete()
    return True


@dataclass(frozen=True)
class Geste:
    """A kind of action. `cle`: the kind of its lines, in lower case. `sur`: (row) → what identifies it, "" if nothing.

    `refaire`: (row, moment) → whether there was something to do. Does the action again, unless the person has changed
    their mind since. Erases by default.
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
    erasure_list.inscribe([erasure_list.keyed(cle, geste.sur(row)) for row in rows if geste.sur(row)], cle)


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
    """Do these lines again; return the number of rows changed."""
    wanted: dict[str, dict[str, datetime]] = defaultdict(dict)
    for line in lines:
        wanted[line.genre][line.empreinte] = line.efface_le
    return sum(_replay(geste, wanted[cle]) for cle, geste in known().items() if cle in wanted)


def _replay(geste: Geste, moments: dict[str, datetime]) -> int:
    found = [
        (row.pk, moment) for row in geste.rows if (moment := moments.get(erasure_list.keyed(geste.cle, geste.sur(row))))
    ]
    done = 0
    for pk, moment in found:
        with lot():
            row = geste.rows.filter(pk=pk).first()
            done += bool(row and geste.refaire(row, moment))
    return done
