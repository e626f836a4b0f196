"""The forms of the old site: each type's labels and how they become fields, in a module here that calls `add`."""

from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules


@dataclass(frozen=True)
class Formulaire:
    """A form of the old site, as its text dump prints it.

    `sequence`: labels of fields and headings, in the order they are printed. `rubriques`: the headings, which have no
    value.
    `titres`: how often a record's title is printed before its body. `sans_titre`: the record prints none
    (registrations). `complet`: every label is printed, even for an empty field.
    `titres_sans_corps`: how often it is printed when the record holds nothing else (0: such a record is of no known
    type); `date_au_titre`: then the title must hold a date.
    What a field holds, where it is not free text: `choix` (one of a list), `listes` (several, a `- ` each), `lignes`
    (one line), `noms` (organisations, on several lines), `courriels`, `liens`, `fichiers`. Lists, choices and links
    that the RepriseFiche tells need not be told again.
    `attendus`: pairs (label, type of the anomaly reported when that field is empty or absent).
    `exiges`: labels without which a form of the old site is none of this type. `autrement`: pairs (what another wiki
    calls a field, our label), tried where its form does not have that label.
    `cles`: pairs (key of a field on the old site, label) of what only its data tells, not its text (dates of an event).
    """

    cle: str
    sequence: tuple[str, ...]
    rubriques: tuple[str, ...] = ()
    titres: int = 2
    sans_titre: bool = False
    complet: bool = False
    titres_sans_corps: int = 0
    date_au_titre: bool = False
    choix: tuple[str, ...] = ()
    listes: tuple[str, ...] = ()
    lignes: tuple[str, ...] = ()
    noms: tuple[str, ...] = ()
    courriels: tuple[str, ...] = ()
    liens: tuple[str, ...] = ()
    fichiers: tuple[str, ...] = ()
    attendus: tuple[tuple[str, str], ...] = ()
    cles: tuple[tuple[str, str], ...] = ()
    exiges: tuple[str, ...] = ()
    autrement: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Those of the fields."""
        return tuple(label for label in self.sequence if label not in self.rubriques)


_formulaires: dict[str, Formulaire] = {}
_readers: dict[str, type] = {}


def add(formulaire: Formulaire, reprise: type) -> None:
    """Declare a form of the old site and the RepriseFiche that takes its records over."""
    _formulaires[formulaire.cle] = replace(
        formulaire,
        choix=(*formulaire.choix, *reprise.choix),
        listes=tuple(label for label in reprise.listes if label not in formulaire.lignes),
        liens=tuple(reprise.liens),
    )
    _readers[formulaire.cle] = reprise


def declared() -> list[Formulaire]:
    """Every form of the old site."""
    return list(_formulaires.values())


def readers() -> dict[str, type]:
    """What takes over the records of each type, by key: a RepriseFiche."""
    return dict(_readers)


def load() -> None:
    """Import the modules of this folder, each of which declares its form."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
