"""Which model holds the records of a type: the floors above declare theirs, the directory knows none by name."""

from django.db.models import Model

_models: dict[str, type[Model]] = {}


def declare(cle: str, model: type[Model]) -> None:
    """Records whose entry has the type `cle` are rows of `model`; their page is `<app>:detail`, by slug."""
    _models[cle] = model


def declared() -> tuple[str, ...]:
    """The types that the site has; entries may be of others, which it had."""
    return tuple(_models)


def model(cle: str) -> type[Model]:
    """The model of a type; KeyError if nobody declared it."""
    return _models[cle]
