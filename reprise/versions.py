"""Finds later versions of a project by their titles: « … (rapport V2) »."""

import re
from collections import defaultdict
from collections.abc import Mapping

from projets.models import Projet
from socle.francais.texte import fold

_VERSION = re.compile(r"^(?P<base>.*\S)\s*[-–(\[]?\s*\brapport\s+v\.?\s*(?P<number>[2-9])\s*[)\]]?\s*$", re.IGNORECASE)


def split_version(titre: str) -> tuple[str, int]:
    """Returns (title without version, version): « X (rapport V2) » → ("X", 2); version 1 by default."""
    match = _VERSION.match(titre)
    return (match["base"].rstrip(" -–(["), int(match["number"])) if match else (titre.strip(), 1)


Alike = Mapping[tuple[str | None, str], list[int]]  # {(département, title without version): keys of projects}


def alike() -> Alike:
    """All projects, read once: each is compared only with those of its title."""
    found = defaultdict(list)
    for pk, departement, titre in Projet.objects.order_by("pk").values_list("pk", "departement", "titre"):
        found[departement, fold(split_version(titre)[0])].append(pk)
    return found


def _others(projet: Projet, known: Alike):
    """Other projects with the same title and département; no query if there is none."""
    pks = known.get((projet.departement_id, fold(split_version(projet.titre)[0])), [])
    return Projet.objects.in_use().filter(pk__in=[pk for pk in pks if pk != projet.pk])


def link_version(projet: Projet, known: Alike) -> bool:
    """Makes a « rapport V2 » replace the version before it, if exactly one project is that; returns whether it did.

    Both must have the same title without version, and the same département. An editor's choice stays.
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
    """Later versions that replace no project yet, earliest first: they may have come before this one."""
    _, number = split_version(projet.titre)
    untied = _others(projet, known).filter(remplace=None)
    found = [(split_version(other.titre)[1], other.pk, other) for other in untied]
    return [other for version, _, other in sorted(found) if version > number]
