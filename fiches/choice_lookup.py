"""Lists of choices: load a new site's values; find a value by name, or create it."""

import json
from pathlib import Path

from django.db.models import Q
from django.utils.text import slugify

from fiches.choice_lists import Choix
from socle.francais.texte import fold
from socle.vie_privee.mentions import JOIGNABLES, find
from socle.vie_privee.public_text import written


def load_choices(path: Path) -> tuple[int, int]:
    """Create missing values from a JSON file; return (values in the file, values created).

    The file is {list: [name, …]}; their order becomes `ordre`, from 1. A value that exists, by address or name, stays
    as editors left it.
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
    """Finds values of one list by name and creates unknown ones. Make one for each run."""

    def __init__(self, liste: str):
        self.liste = liste
        rows = {row.pk: row for row in Choix.objects.filter(liste=liste)}
        self.rows = {fold(row.nom): row for row in rows.values()}
        self.rows |= {fold(nom): rows[pk] for pk, nom in written(Choix, "nom").items() if pk in rows}

    def get_or_create(self, nom: str) -> Choix | None:
        """The value of that name, whatever its capitals and accents; None if empty or refused."""
        # The old site writes « parent ➤ value » or the value alone.
        nom = " ".join(nom.rpartition("➤")[2].split())[:200].removeprefix("- ").strip()
        if not nom or not self.takes(nom):
            return None
        if fold(nom) not in self.rows:
            same = Choix.objects.filter(liste=self.liste)
            # Another type of this run may have created it. Names with one slug are one value.
            row = same.filter(Q(nom=nom) | Q(slug=slugify(nom)[:100])).first()
            self.rows[fold(nom)] = row or Choix.objects.create(liste=self.liste, nom=nom)
        return self.rows[fold(nom)]

    @staticmethod
    def takes(nom: str) -> bool:
        """Whether a value may be public: it holds no mail address and no telephone number."""
        return not any(one.genre in JOIGNABLES for one in find(nom))
