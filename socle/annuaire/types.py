"""Which model holds the records of a type: rooms above declare theirs, the directory knows none by name."""

from functools import cache

from django.db.models import Model

from socle.rooms import rooms


@cache
def _models() -> dict[str, type[Model]]:
    return {room.cle: room.model for room in rooms() if room.cle}


def declared() -> tuple[str, ...]:
    """The types that the site has; entries may be of others, which it had."""
    return tuple(_models())


def model(cle: str) -> type[Model]:
    """The model of a type; KeyError if nobody declared it."""
    return _models()[cle]
