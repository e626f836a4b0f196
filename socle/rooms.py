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

    # Of a room that holds the records of one type; fiches/registre.py says more of them
    #: The key of the type in the directory and in the change log.
    cle: str = ""
    #: The model of its records.
    model: type | None = None
    #: The view of its list, a SelectionView (socle/catalogue/views.py).
    liste: type | None = None

    # What it keeps of persons (socle/vie_privee)
    #: What is kept, each a `Traitement` or an `Ensemble` (conservation.py).
    traitements: tuple = ()
    #: {« app.Model » or « app.Model.champ »: why its texts are about nobody}; an erasure looks for names there too.
    sans_personne: Mapping[str, str] = field(default_factory=dict)
    #: The same where nobody can write a name: an erasure does not look there.
    hors_saisie: Mapping[str, str] = field(default_factory=dict)
    #: (model, field) to why the texts of a family of models hold nothing of a person; "" of any other.
    regle: Callable[[type, Any], str] | None = None
    #: {`cle` of an entry of another room: the model and fields of our rows that point to its own and leave with them}.
    rattaches: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    #: {« app.Model »: a row to whether it comes from the old site}; one that belongs to it comes from there too.
    origines: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    #: Called in the transaction of an erasure, with {model: keys} of the rows that it changed.
    apres_effacement: Callable[[dict], None] | None = None
    #: What somebody does by themselves to a row of it, each a `Geste` (gestes.py).
    gestes: tuple = ()
    #: {usage: {version: the text that persons agree to}}, the version in force last (consentement.py).
    consentements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    # At the desk
    #: {« app.model »: who may do what with it, `Droits` of socle/comptes/roles.py}; a type needs none for itself.
    droits: Mapping[str, tuple] = field(default_factory=dict)
    #: What it adds to pages of the desk that do not know it, each an `Ajout` (socle/bureau/ajouts.py).
    ajouts: tuple = ()
    #: The kinds of work that come to the team, each a `SorteDeTravail` (socle/comptes/travaux.py).
    travaux: tuple = ()

    # Its mails that are written when they leave (socle/courrier/composition.py)
    #: {key under which they are deposited: what writes one at each try, and only reads; None for nothing left to say}.
    courriels: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    # On pages of records
    #: A record to what its page says below it, in plain words.
    mentions: Callable[[Any], list[str]] | None = None
    #: A record to the functions of persons who read what a visitor writes about it.
    lecteurs: Callable[[Any], list[str]] | None = None
    #: Texts of a page to what is printed of them: links of an old site into ours.
    reecrit: Callable[[list[str]], list[str]] | None = None

    # On all pages
    #: The words of a page at an address, once for each page, to HTML: links of the glossary (socle/francais/prose.py).
    lie: Callable[[str], Callable[[str], str]] | None = None
    #: The heading, the words and the links, of a selection, of what the panel « Emporter » offers behind the views.
    emporter: tuple[str, str, Callable[[Any], list[tuple[str, str]]]] | None = None
    #: The licence that the operator chose, a `Licence` (socle/vues/licence.py).
    licence: Callable[[], Any] | None = None
    #: What pages depend on beside data, day and code: files that the operator puts down (socle/journal/conditional.py).
    depend: Callable[[], Any] | None = None

    # Its files (socle/medias/fichiers.py)
    #: (model, field): a file there is public as soon as its record is published.
    fichiers_publics: tuple[tuple[type, str], ...] = ()
    #: (user, row) to whether an editor may not have the file of the row, whatever they may read.
    retient: Callable[[Any, Any], bool] | None = None

    # For a new site
    #: Saves its demo data and returns how many records there are; persons come once all records are there.
    demo: Callable[[], int | None] | None = None


@cache
def rooms() -> tuple[Room, ...]:
    """What is declared, in the order of the installed apps. Do not call it while declarations are imported."""
    declaring = [app.name for app in apps.get_app_configs() if module_has_submodule(app.module, "declaration")]
    return tuple(import_module(f"{name}.declaration").ROOM for name in declaring)
