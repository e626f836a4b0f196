"""The lists of choices that a new site starts with."""

import json
from pathlib import Path

from django.utils.text import slugify

from fiches.models import Choix
from socle.francais.texte import fold


def load_choices(path: Path) -> tuple[int, int]:
    """Create the values of a JSON file that no list has yet: (values in the file, values created).

    The file is {list: [name, …]}, each in the order of its form, which becomes its `ordre`, from 1. A value that
    exists, by its address or its name, is an editor's: left as it is. OSError or ValueError if the file is none or is
    not such lists.
    """
    lists = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(lists, dict) or not all(is_list(*item) for item in lists.items()):
        raise ValueError("listes de choix attendues : {liste : [nom, …]}")
    taken = {(row.liste, key) for row in Choix.objects.all() for key in (row.slug, fold(row.nom))}
    created = 0
    for liste, names in lists.items():
        for ordre, nom in enumerate(names, start=1):
            keys = {(liste, slugify(nom)[:100]), (liste, fold(nom))}
            if keys & taken:
                continue
            Choix.objects.create(liste=liste, nom=nom, ordre=ordre)
            taken |= keys
            created += 1
    return sum(map(len, lists.values())), created


def is_list(liste, names) -> bool:
    return (
        liste in Choix.Liste.values
        and isinstance(names, list)
        and all(isinstance(nom, str) and len(nom) <= 200 and slugify(nom) for nom in names)
    )
