"""The forms of the old site, each declared by a module here: its labels and how they become fields."""

from importlib import import_module
from pkgutil import iter_modules

_formulaires: dict[str, type] = {}


def add(formulaire: type) -> type:
    """Declare a form of the old site, a fields.Formulaire."""
    _formulaires[formulaire.cle] = formulaire
    return formulaire


def declared() -> list:
    """Every form of the old site, for one run."""
    return [formulaire() for formulaire in _formulaires.values()]


def get(cle: str):
    """The form of a type; None if the old site had none."""
    return _formulaires[cle]() if cle in _formulaires else None


def load() -> None:
    """Import the modules of this folder, each of which declares its form; but for a type that left with its folder."""
    for module in iter_modules(__path__):
        try:
            import_module(f"{__name__}.{module.name}")
        except ModuleNotFoundError as error:
            if error.name.rpartition(".")[0] != "fiches":
                raise
