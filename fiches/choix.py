"""The lists of choices: what a new site starts with, and a value found by its name, or kept as a new one."""

import json
from pathlib import Path

from django.db.models import Q
from django.utils.text import slugify

from fiches.lists import Choix
from socle.francais.texte import fold
from socle.vie_privee.mentions import JOIGNABLES, find
from socle.vie_privee.public_text import written


def load_choices(path: Path) -> tuple[int, int]:
    """Create the values of a JSON file that no list has yet: (values in the file, values created).

    The file is {list: [name, …]}, each in the order of its form, which becomes its `ordre`, from 1. A value that
    exists, by its address or its name, is an editor's: left as it is.
    """
    lists = json.loads(path.read_text(encoding="utf-8"))
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


class ListeDeChoix:
    """Finds the rows of one list by name, and keeps a name it does not know as a new row. One a run.

    A value is public: one that holds an e-mail address or a number is refused, see `takes`.
    """

    def __init__(self, liste: str):
        self.liste = liste
        rows = {row.pk: row for row in Choix.objects.filter(liste=liste)}
        self.rows = {fold(row.nom): row for row in rows.values()}
        self.rows |= {fold(nom): rows[pk] for pk, nom in written(Choix, "nom").items() if pk in rows}

    def get_or_create(self, nom: str) -> Choix | None:
        """The row of that name, whatever its capitals and accents; None for no name, or one that is refused."""
        # Of a list that is a tree the old site writes « parent ➤ value » in some places, the value alone in others.
        nom = " ".join(nom.rpartition("➤")[2].split())[:200].removeprefix("- ").strip()
        if not nom or not self.takes(nom):
            return None
        if fold(nom) not in self.rows:
            same = Choix.objects.filter(liste=self.liste)
            # Another type of this run may have made it; two spellings of one address are one value.
            row = same.filter(Q(nom=nom) | Q(slug=slugify(nom)[:100])).first()
            self.rows[fold(nom)] = row or Choix.objects.create(liste=self.liste, nom=nom)
        return self.rows[fold(nom)]

    @staticmethod
    def takes(nom: str) -> bool:
        """Whether a value may stand in a list."""
        return not any(one.genre in JOIGNABLES for one in find(nom))
