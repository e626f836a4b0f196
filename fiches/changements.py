"""Which types of records say something of what is no record: a theme, a place, a licence."""

from fiches import registre
from fiches.indexation import names_held

# Kinds of the change log that no record says anything of: pages of the site, words of searches, old addresses.
ELSEWHERE = {"page", "synonymes", "adresse"}


def to_take_again(kind: str) -> list[str]:
    """The keys of the types whose records may say something else, once something of this kind changed."""
    if kind in ELSEWHERE:
        return []
    types = registre.types()
    return [one.cle for one in types if kind in names_held(one.model)] or [one.cle for one in types]
