"""Which record types depend on a thing that is no record: a theme, a place, a licence."""

from fiches import registre
from fiches.indexation import names_held

# Kinds in the change log on which no record depends: pages of the site, search words, old addresses.
ELSEWHERE = {"page", "synonymes", "adresse"}


def to_take_again(kind: str) -> list[str]:
    """Keys of the types whose records may say something else after a change of this kind."""
    if kind in ELSEWHERE:
        return []
    types = registre.types()
    return [one.cle for one in types if kind in names_held(one.model)] or [one.cle for one in types]
