"""The model of each type of record. The types declare theirs; the directory knows none by name."""

from django.db.models import Model

_models: dict[str, type[Model]] = {}


def declare(cle: str, model: type[Model]) -> None:
    """Entries of the type `cle` have their records in `model`, whose page is `<app>:detail`, by slug."""
    _models[cle] = model


def declared() -> tuple[str, ...]:
    """The present types of the site. Entries may have former types."""
    return tuple(_models)


def model(cle: str) -> type[Model]:
    """KeyError if nobody declared it."""
    return _models[cle]
