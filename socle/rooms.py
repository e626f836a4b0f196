"""What each room declares: one object, read by all who need a part of it.

The folder of a room holds `declaration.py` with `ROOM`, a `Room`, or a `TypeDeFiche` for a record type
(fiches/registre.py). Lower rooms read from it what they must know of rooms above:

    [sorte for room in rooms() for sorte in room.travaux]
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True, kw_only=True)
class Room:
    """What a room declares. Each field is optional, and names the module that defines its values."""

    # For a room with the records of one type: see also fiches/registre.py
    #: The key of the type in the directory and in the change log.
    cle: str = ""
    #: The model of its records.
    model: type | None = None
    #: The view of its list, a SelectionView (socle/catalogue/views.py).
    liste: type | None = None

    # What it keeps of persons (socle/vie_privee)
    #: What is kept, each a `Traitement` or an `Ensemble` (conservation.py).
    traitements: tuple = ()
    #: {« app.Model » or « app.Model.champ »: why its texts name nobody}; an erasure searches them all the same.
    sans_personne: Mapping[str, str] = field(default_factory=dict)
    #: Like `sans_personne`, where nobody can write a name: an erasure does not search there.
    hors_saisie: Mapping[str, str] = field(default_factory=dict)
    #: Takes (model, field) of a family of models; returns why its texts name nobody, or "" for other models.
    regle: Callable[[type, Any], str] | None = None
    #: {`cle` of another room's `Traitement`: (our model, fields that point to its rows)}; our rows leave with them.
    rattaches: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    #: {« app.Model »: tells whether a row comes from the old site}; rows that belong to it then do too.
    origines: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    #: Called in the transaction of an erasure, with {model: keys} of the rows that it changed.
    apres_effacement: Callable[[dict], None] | None = None
    #: What persons may do to their own rows, each a `Geste` (gestes.py).
    gestes: tuple = ()
    #: {usage: {version: text that persons agree to}}, present version last (consentement.py).
    consentements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    # At the desk
    #: {« app.model »: `Droits` (socle/comptes/roles.py), who may do what}; a record type needs none for itself.
    droits: Mapping[str, tuple] = field(default_factory=dict)
    #: What it adds to other rooms' pages of the desk, each an `Ajout` (socle/bureau/ajouts.py).
    ajouts: tuple = ()
    #: Kinds of work for the team, each a `SorteDeTravail` (socle/comptes/travaux.py).
    travaux: tuple = ()

    # Its mails that are written when they leave (socle/courrier/composition.py)
    #: {key of the deposit: function that writes the mail at each try, changes nothing, and returns None for no mail}.
    courriels: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    # On pages of records
    #: Takes a record; returns plain words for the bottom of its page.
    mentions: Callable[[Any], list[str]] | None = None
    #: Takes a record; returns the functions of persons who read what visitors write about it.
    lecteurs: Callable[[Any], list[str]] | None = None
    #: Takes the texts of a page; returns them as printed, with links to an old site turned into ours.
    reecrit: Callable[[list[str]], list[str]] | None = None

    # On all pages
    #: Takes the address of a page; returns a function from words to HTML with glossary links (socle/francais/prose.py).
    lie: Callable[[str], Callable[[str], str]] | None = None
    #: (heading, words, function from a selection to links) for the panel « Emporter », after the views.
    emporter: tuple[str, str, Callable[[Any], list[tuple[str, str]]]] | None = None
    #: The licence that the operator chose, a `Licence` (socle/vues/licence.py).
    licence: Callable[[], Any] | None = None
    #: What pages depend on besides data, day and code: the operator's files (socle/journal/conditional.py).
    depend: Callable[[], Any] | None = None

    # Its files (socle/medias/fichiers.py)
    #: (model, field): these files are public when their record is.
    fichiers_publics: tuple[tuple[type, str], ...] = ()
    #: Takes (user, row); tells whether an editor may not have the row's file, even with the right to read the row.
    retient: Callable[[Any, Any], bool] | None = None

    # For a new site
    #: Saves demo data and returns the number of records; persons come after all records.
    demo: Callable[[], int | None] | None = None


@cache
def rooms() -> tuple[Room, ...]:
    """What is declared, in the order of the installed apps. Do not call it while declarations are imported."""
    declaring = [app.name for app in apps.get_app_configs() if module_has_submodule(app.module, "declaration")]
    return tuple(import_module(f"{name}.declaration").ROOM for name in declaring)
