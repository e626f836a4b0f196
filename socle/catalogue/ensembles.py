"""The sets of records that a list is counted and narrowed by, as this process holds them.

A list (a filter set, under a name) has sets of the ids of its public records: all of them, those that hold a value of a
facet, the binary digits of a measure. They are kept in the database (blocs.py) and held here until the list's version
changes (socle/memoire). Counting is intersecting.
"""

from array import array
from collections import Counter, defaultdict
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from pyroaring import BitMap

from socle.annuaire.models import Entree
from socle.catalogue.mesures import Chiffres, Mesure, counted
from socle.catalogue.models import Bloc
from socle.memoire.held import Versions, held
from socle.memoire.triggers import COMMUN
from socle.recherche.query import gathered

FICHES, PUBLIQUES = "", "publiques"
DIRECTORY = "annuaire"  # what an order by titles depends on
MANY = 500  # values of a facet: then few records are counted one by one rather than in the set of each
MESURE = "#"  # before the name of a measure's field

_lists: dict[str, type] = {}


def declare(filterset_class: type, nom: str, *versions: str) -> None:
    """Let the records that a filter set narrows have sets, under a name. `versions`: what they depend on besides
    themselves and what is common to all."""
    filterset_class.liste = nom
    filterset_class.versions = (nom, COMMUN, *versions)
    _lists[nom] = filterset_class


def lists(model) -> list[type]:
    """The filter sets whose records are rows of a model."""
    return [filterset for filterset in _lists.values() if filterset._meta.model is model]


def every() -> list[type]:
    """All filter sets that have sets."""
    return list(_lists.values())


def load(liste: str) -> dict[str, dict[str, BitMap]]:
    """{facet: {value: records that hold it}} of a list, as the database keeps them."""
    found: dict[str, dict[str, BitMap]] = defaultdict(dict)
    for facette, valeur, bits in Bloc.objects.filter(liste=liste).values_list("facette", "valeur", "bits"):
        ids = BitMap.deserialize(bytes(bits))
        values = found[facette]
        if valeur in values:
            values[valeur] |= ids
        elif ids:
            values[valeur] = ids
    return found


def ids(queryset) -> array:
    """The primary keys of a queryset, in its order. One query, none for one that nothing can answer."""
    try:
        return gathered(*queryset.values_list("pk").query.sql_with_params())
    except EmptyResultSet:
        return array("I")


class Ensembles:
    """The sets of one list at one moment. `filterset_class` was declared. `versions`: of that moment."""

    def __init__(self, filterset_class, versions: Versions | None = None):
        self.filterset_class = filterset_class
        self.versions = versions or Versions.now()

    def held(self, key: tuple, compute, *more: str, moment=None):
        """What `compute` answers of this list, until its data change, or those that `more` names, or the clock."""
        asked, noms = (self.filterset_class.liste, *key), (*self.filterset_class.versions, *more)
        return held(asked, compute, *noms, versions=self.versions, moment=moment)

    def lasting(self, key: tuple, compute):
        """What `compute` answers of this list, until what it depends on besides its records changes."""
        liste, *noms = self.filterset_class.versions
        return held((liste, *key), compute, *noms, versions=self.versions)

    @cached_property
    def _values(self) -> dict[str, dict[str, BitMap]]:
        liste = self.filterset_class.liste
        return held((liste, "ensembles"), lambda: load(liste), liste, versions=self.versions)

    @property
    def publiques(self) -> BitMap:
        """All public records."""
        return self.valeurs(FICHES).get(PUBLIQUES, BitMap())

    def valeurs(self, facette: str) -> dict[str, BitMap]:
        """{value: records that hold it} of a facet."""
        return self._values.get(facette, {})

    def commonest(self, facette: str) -> list[str]:
        """The values of a facet, those that most records hold first: what an example is chosen from."""
        values = self.valeurs(facette)
        return sorted(values, key=lambda value: (-len(values[value]), value))

    def comptes(self, facette: str, records: BitMap) -> dict[str, int]:
        """{value of a facet: how many of some public records hold it}, of those that some do."""
        values = self.valeurs(facette)
        if MANY < len(values) > len(records) and (of_record := self._of_records(facette)):
            counts = Counter(map(of_record.__getitem__, records))
            counts.pop("", None)
            return counts
        return counted(values, records)

    def _of_records(self, facette: str) -> list[str]:
        """The value that each record of the list holds of a facet, "" for none, by its key; [] if some hold several."""

        def gathered():
            values = self.valeurs(facette)
            every = BitMap.union(BitMap(), *values.values())
            if not every or len(every) < sum(map(len, values.values())):
                return []
            found = [""] * (every.max() + 1)
            for value, ids in values.items():
                for pk in ids:
                    found[pk] = value
            return found + [""] * (self.publiques.max() - every.max())

        return self.held(("valeur de chaque fiche", facette), gathered)

    def mesure(self, field: str) -> Mesure:
        """The number that the records hold in a field."""
        return Mesure(self.valeurs(f"{MESURE}{field}"))

    @cached_property
    def _montants(self) -> tuple[Mesure, BitMap]:
        """The amounts of all records, none in a list without a measure; the records whose amount counts nowhere."""
        return self.mesure(self.filterset_class.mesure), self.filterset_class.non_comptees()

    def chiffres(self, records: BitMap) -> Chiffres:
        """What some records come to: lists, home and figures ask here."""
        return Chiffres(*self._montants, records)

    def rows(self, queryset, moment=None) -> array:
        """The ids of a queryset of this list, in its order; held as long as the list does not change.

        `moment`: of the clock, if it is a parameter of the queryset.
        """
        sql, params = queryset.values_list("pk").query.sql_with_params()
        more = [DIRECTORY] if Entree._meta.db_table in sql else []
        return self.held((sql, () if moment else params), lambda: ids(queryset), *more, moment=moment)
