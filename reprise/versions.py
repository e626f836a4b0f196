"""« … (rapport V2) »: a later version of a sheet that is there already, told from its title."""

import re
from collections import defaultdict
from collections.abc import Mapping

from projets.models import Projet
from socle.francais.texte import fold

_VERSION = re.compile(r"^(?P<base>.*\S)\s*[-–(\[]?\s*\brapport\s+v\.?\s*(?P<number>[2-9])\s*[)\]]?\s*$", re.IGNORECASE)


def split_version(titre: str) -> tuple[str, int]:
    """(title without its version, version): « X (rapport V2) » → ("X", 2); version 1 if the title says none."""
    match = _VERSION.match(titre)
    return (match["base"].rstrip(" -–(["), int(match["number"])) if match else (titre.strip(), 1)


Alike = Mapping[tuple[str | None, str], list[int]]  # keys of sheets, by département and title but for the version


def alike() -> Alike:
    """All sheets, read once where many are looked at: each is compared with those of its title alone."""
    found = defaultdict(list)
    for pk, departement, titre in Projet.objects.order_by("pk").values_list("pk", "departement", "titre"):
        found[departement, fold(split_version(titre)[0])].append(pk)
    return found


def _others(projet: Projet, known: Alike):
    """The other sheets of its title but for the version, of its département; no query if there is none."""
    pks = known.get((projet.departement_id, fold(split_version(projet.titre)[0])), [])
    return Projet.objects.in_use().filter(pk__in=[pk for pk in pks if pk != projet.pk])


def link_version(projet: Projet, known: Alike) -> bool:
    """Make a « rapport V2 » replace the version before it, if exactly one sheet is that; True if it did now.

    The same title but for the version, the same département. An editor's choice stays.
    """
    _, number = split_version(projet.titre)
    if number == 1 or projet.remplace_id:
        return False
    found = defaultdict(list)
    for pk, titre in _others(projet, known).values_list("pk", "titre"):
        _, other = split_version(titre)
        if other < number:
            found[other].append(pk)
    if not found or len(found[max(found)]) != 1:
        return False
    projet.remplace_id = found[max(found)][0]
    projet.save(ici=False)
    return True


def later_versions(projet: Projet, known: Alike) -> list[Projet]:
    """Later versions of this sheet that replace none yet, the earliest first: they may have come before it."""
    _, number = split_version(projet.titre)
    untied = _others(projet, known).filter(remplace=None)
    found = [(split_version(other.titre)[1], other.pk, other) for other in untied]
    return [other for version, _, other in sorted(found) if version > number]
