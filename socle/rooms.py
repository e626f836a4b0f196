"""What each room of the house declares: one object, read by whoever needs a part of it.

The folder of a room holds `declaration.py`, and that holds `ROOM`, a `Room` or, for a record type, a `TypeDeFiche`
(fiches/registre.py). Whoever needs something of the rooms reads it from them:

    [task for room in rooms() for task in room.taches]
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a room declares. All is optional; each field says where what it holds is defined."""

    # Of a room that holds the records of one type; fiches/registre.py says more of them
    #: The key of the type in the directory and in the change log.
    cle: str = ""
    #: The model of its records.
    model: type | None = None
    #: The view of its list, a SelectionView (socle/catalogue/views.py).
    liste: type | None = None

    # At the desk
    #: {« app.model »: who may do what with its rows, `Droits` of socle/comptes/roles.py}; a type needs none for its own.
    droits: Mapping[str, tuple] = field(default_factory=dict)


@cache
def rooms() -> tuple[Room, ...]:
    """What is declared, in the order of the installed apps. Not to be asked while declarations are imported."""
    declaring = [app.name for app in apps.get_app_configs() if module_has_submodule(app.module, "declaration")]
    found = [import_module(f"{name}.declaration") for name in declaring]
    return tuple(one.ROOM for one in found if hasattr(one, "ROOM"))
