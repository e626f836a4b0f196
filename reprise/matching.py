"""Which record of ours each record of a source is: one taken over before, one made here, one deleted here, or none."""

from collections import defaultdict

from reprise.lecture import Lue
from reprise.models import Ecartee, Origine
from socle.annuaire.models import Entree
from socle.francais.texte import fold
from socle.vie_privee.public_text import written

CLE_LENGTH = 480


def numbered(cle: str, number: int) -> str:
    """The identity of the nth record of one title: behind a mark that no folded title can hold."""
    return cle if number == 1 else f"{cle}\t{number}"


def _base(cle: str) -> str:
    """The folded title in a key."""
    return cle.partition("\t")[0]


class Rapprochement:
    """What is known of the records of one type, for one run. `met`: of those that it has met, their keys here."""

    def __init__(self, reprise):
        self.reprise, self.met = reprise, set()
        self.origines: dict[str, Origine] = {}
        self.by_identifiant: dict[str, Origine] = {}
        self.by_name: dict[object, set[str]] = defaultdict(set)  # keys
        for origine in Origine.objects.filter(type=reprise.cle).select_related("entree"):
            self.know(origine)
        self.used: set[str] = set()  # keys given to new ones
        untaken = reprise.model.objects.exclude(pk__in=[o.pk for o in self.origines.values()])
        titles = dict(untaken.values_list("pk", "titre"))
        titles |= {pk: titre for pk, titre in written(reprise.model, "titre").items() if pk in titles}
        self.by_title = {fold(titre): pk for pk, titre in titles.items()}
        self.left_out = dict(Ecartee.objects.filter(type=reprise.cle).values_list("cle", "identifiant"))
        self.titles_left_out = {*map(_base, self.left_out)}
        lost = Entree.objects.filter(type=reprise.cle, fusionnee_dans__isnull=False).select_related("fusionnee_dans")
        self.merged = {entree.pk: entree.after_merges().pk for entree in lost}  # what the old site says of two is one's

    def know(self, origine: Origine) -> None:
        self.origines[origine.cle] = origine
        self.by_name[self._name(origine.cle)].add(origine.cle)
        if origine.identifiant:
            self.by_identifiant[origine.identifiant] = origine

    def forget(self, origine: Origine) -> None:
        """It is known by another key from now on."""
        del self.origines[origine.cle]
        self.by_name[self._name(origine.cle)].discard(origine.cle)

    def _name(self, cle: str) -> object:
        """What records of one title have in common, in however many ways its day is written."""
        return self.reprise.dated(_base(cle)) or _base(cle)

    def has_twins(self, cle: str) -> bool:
        """Whether several records have the title of this one."""
        return len(self.by_name.get(self._name(cle), ())) > 1

    def find(self, cle: str, lue: Lue, said: dict[str, str]) -> Origine | None:
        """What an earlier takeover kept of the record: by its identifier, else by its title.

        Of several with one title, the one that says most of what is read now: their order is not the same everywhere.
        """
        if lue.identifiant and lue.identifiant in self.by_identifiant:
            return self.by_identifiant[lue.identifiant]
        twins = [self.origines[twin] for twin in sorted(self.by_name.get(self._name(cle), ()))]
        twins = [o for o in twins if o.pk not in self.met and not (lue.identifiant and o.identifiant)]
        if _base(cle) in self.titles_left_out:  # one of them is gone: which one, its rank says
            return next((o for o in twins if o.cle == cle), None)
        return max(twins, key=lambda o: sum(o.valeurs.get(n) == text for n, text in said.items()), default=None)

    def key(self, cle: str, lue: Lue, origine: Origine | None) -> str:
        """The key by which a dump will know the record: that of its present title, with a number if it is another's."""
        if origine and self._name(origine.cle) == self._name(cle):
            return origine.cle
        number = int(cle.partition("\t")[2] or 1) if not lue.identifiant else 1
        while (key := numbered(_base(cle), number)) in self.origines or key in self.used or self._is_gone(key, lue):
            number += 1
        self.used.add(key)
        return key

    def _is_gone(self, key: str, lue: Lue) -> bool:
        """Whether a record that was deleted here had that key, and is not this one for certain."""
        return bool(lue.identifiant) and self.left_out.get(key, "") not in ("", lue.identifiant)

    def is_left_out(self, cle: str, lue: Lue) -> bool:
        """Whether the record was deleted here, and is to stay so."""
        if lue.identifiant and lue.identifiant in self.left_out.values():
            return True
        return cle in self.left_out and cle not in self.origines and cle not in self.by_title

    def existing(self, cle: str, origine: Origine | None) -> tuple[int | None, object]:
        """(key here of what the old site says of it, its record, another's if the two were merged); None if there is
        none."""
        own = origine.pk if origine else self.by_title.pop(cle, None)
        if own is None:
            return None, None
        # Locked: an editor's save of this moment is waited for, and compared, not written over.
        rows = self.reprise.model.objects.select_for_update(of=("self",)).select_related("entree")
        return own, rows.get(pk=self.merged.get(own, own))
