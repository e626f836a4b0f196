"""Which record types depend on what is no record: a theme, a place, a licence."""

from fiches import registre
from fiches.indexation import names_indexed

# Kinds of the change log on which no record depends.
ELSEWHERE = {"page", "synonymes", "adresse"}


def to_take_again(kind: str) -> list[str]:
    """Keys of the types whose records may say something else after such a change."""
    if kind in ELSEWHERE:
        return []
    types = registre.types()
    return [one.cle for one in types if kind in names_indexed(one.model)] or [one.cle for one in types]
