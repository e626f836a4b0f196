"""Finds our record for each record of a source: taken over before, made here, deleted here, or none."""

from collections import defaultdict

from reprise.lecture import Lue
from reprise.models import Ecartee, Origine
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.vie_privee.public_text import written

CLE_LENGTH = 480


def numbered(cle: str, number: int) -> str:
    """The key of the nth record with a title; the tab cannot occur in a folded title."""
    return cle if number == 1 else f"{cle}\t{number}"


def _base(cle: str) -> str:
    return cle.partition("\t")[0]


class Rapprochement:
    """Known records of one type, for one run. `met`: our keys of the records met so far."""

    def __init__(self, reprise):
        self.reprise, self.met = reprise, set()
        self.origines: dict[str, Origine] = {}
        self.by_identifiant: dict[str, Origine] = {}
        self.by_name: dict[object, set[str]] = defaultdict(set)  # keys
        for origine in Origine.objects.filter(type=reprise.cle).select_related("entree"):
            self.know(origine)
        self.used: set[str] = set()  # keys given to new records
        untaken = reprise.model.objects.exclude(pk__in=[o.pk for o in self.origines.values()])
        titles = dict(untaken.values_list("pk", "titre"))
        titles |= {pk: titre for pk, titre in written(reprise.model, "titre").items() if pk in titles}
        self.by_title = {fold(titre): pk for pk, titre in titles.items()}
        self.left_out = dict(Ecartee.objects.filter(type=reprise.cle).values_list("cle", "identifiant"))
        self.titles_left_out = {*map(_base, self.left_out)}
        lost = Entree.objects.filter(type=reprise.cle, fusionnee_dans__isnull=False).select_related("fusionnee_dans")
        self.merged = {entree.pk: entree.after_merges().pk for entree in lost}  # {lost record: kept one}

    def know(self, origine: Origine) -> None:
        self.origines[origine.cle] = origine
        self.by_name[self._name(origine.cle)].add(origine.cle)
        if origine.identifiant:
            self.by_identifiant[origine.identifiant] = origine

    def forget(self, origine: Origine) -> None:
        del self.origines[origine.cle]
        self.by_name[self._name(origine.cle)].discard(origine.cle)

    def _name(self, cle: str) -> object:
        """What all records with one title share, however the title writes its day."""
        return self.reprise.dated(_base(cle)) or _base(cle)

    def has_twins(self, cle: str) -> bool:
        return len(self.by_name.get(self._name(cle), ())) > 1

    def find(self, cle: str, lue: Lue, said: dict[str, str]) -> Origine | None:
        """What an earlier takeover kept of the record, found by identifier, else by title.

        Several may share a title, and their order changes between sources: the one with most equal values is taken.
        """
        if lue.identifiant and lue.identifiant in self.by_identifiant:
            return self.by_identifiant[lue.identifiant]
        twins = [self.origines[twin] for twin in sorted(self.by_name.get(self._name(cle), ()))]
        twins = [o for o in twins if o.pk not in self.met and not (lue.identifiant and o.identifiant)]
        if _base(cle) in self.titles_left_out:  # one of them was deleted: its number tells which
            return next((o for o in twins if o.cle == cle), None)
        return max(twins, key=lambda o: sum(o.valeurs.get(n) == text for n, text in said.items()), default=None)

    def key(self, cle: str, lue: Lue, origine: Origine | None) -> str:
        """The key by which a dump will know the record: its present title, with a number if another record has that
        key.
        """
        if origine and self._name(origine.cle) == self._name(cle):
            return origine.cle
        number = int(cle.partition("\t")[2] or 1) if not lue.identifiant else 1
        while (key := numbered(_base(cle), number)) in self.origines or key in self.used or self._is_gone(key, lue):
            number += 1
        self.used.add(key)
        return key

    def _is_gone(self, key: str, lue: Lue) -> bool:
        """Whether that key belonged to a record deleted here, which is certainly another one."""
        return bool(lue.identifiant) and self.left_out.get(key, "") not in ("", lue.identifiant)

    def is_left_out(self, cle: str, lue: Lue) -> bool:
        if lue.identifiant and lue.identifiant in self.left_out.values():
            return True
        return cle in self.left_out and cle not in self.origines and cle not in self.by_title

    def existing(self, cle: str, origine: Origine | None) -> tuple[int | None, object]:
        """Returns (key of the record that the source describes, the record itself, or the one it was merged into), or
        (None, None).
        """
        own = origine.pk if origine else self.by_title.pop(cle, None)
        if own is None:
            return None, None
        # The lock waits for an editor's save, so that it is compared, not overwritten.
        rows = self.reprise.model.objects.select_for_update(of=("self",)).select_related("entree")
        return own, rows.get(pk=self.merged.get(own, own))
