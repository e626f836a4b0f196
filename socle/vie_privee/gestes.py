"""What somebody does by themselves to what the site keeps of them, and that a restored backup has to do again.

An erasure (`personnes.forget`) is about an address; a gesture is about one row, or one setting of it, and nothing else.
Declared in the `declaration.py` of the app whose row it is; noted, in its transaction, by the function that does it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from socle.vie_privee import effacements
from socle.vie_privee.models import Effacement


@dataclass(frozen=True)
class Geste:
    """`cle`: its kind on the list, in lower case. `sur`: a row to what tells it from any other, "" for none.

    `refaire`: (row, moment) does again what was done at that moment, unless the person has changed their mind since;
    whether there was something to do.
    """

    cle: str
    modele: str
    sur: Callable[[models.Model], str]
    refaire: Callable[[models.Model, datetime], bool]


_gestes: dict[str, Geste] = {}


def declare(geste: Geste) -> None:
    _gestes[geste.cle] = geste


def note(cle: str, rows: Iterable[models.Model]) -> None:
    """Put on the list what is being done to these rows, in the transaction that does it."""
    geste = _gestes[cle]
    effacements.inscribe([effacements.keyed(cle, geste.sur(row)) for row in rows if geste.sur(row)], cle)


def is_known(line: Effacement) -> bool:
    """Whether this version of the site can do again what a line tells; that of an address always."""
    return not line.genre or line.genre in _gestes


def replay(lines: Iterable[Effacement]) -> int:
    """Do again what these lines tell; to how many rows there was something to do."""
    wanted: dict[str, dict[str, datetime]] = defaultdict(dict)
    for line in lines:
        wanted[line.genre][line.empreinte] = line.efface_le
    return sum(_replay(_gestes[cle], moments) for cle, moments in wanted.items() if cle in _gestes)


def _replay(geste: Geste, moments: dict[str, datetime]) -> int:
    rows = apps.get_model(geste.modele)._base_manager.order_by("pk")
    found = [(row.pk, moment) for row in rows if (moment := moments.get(effacements.keyed(geste.cle, geste.sur(row))))]
    done = 0
    for pk, moment in found:
        with transaction.atomic():
            row = rows.filter(pk=pk).first()
            done += bool(row and geste.refaire(row, moment))
    return done
