"""The sets of records by which a list is counted and filtered, as this process keeps them.

A list has sets of the ids of its public records: all of them, those that hold a value of a
facet, the binary digits of an amount. They are read from the rows at first use (sets.py), then brought up to date by
the change log (socle/journal). Counting is intersecting.
"""

from array import array
from collections import Counter
from functools import cached_property, partial

from pyroaring import BitMap

from socle.catalogue import orders, sets
from socle.catalogue.mesures import Chiffres, Mesure, counted
from socle.catalogue.orders import ids
from socle.catalogue.sets import MESURE, Sets
from socle.journal.cache import cached, followed
from socle.journal.following import COMMUN, Moment
from socle.rooms import Room, rooms


def every() -> list[Room]:
    """The declarations of all lists."""
    return [room for room in rooms() if room.liste]


class Same:
    """Compares by identity: unchanged sets are the same object."""

    def __init__(self, what):
        self.what = what

    def __eq__(self, other):
        return isinstance(other, Same) and self.what is other.what

    __hash__ = None


class ListSets:
    """The sets of the list of a declaration at one moment. `at`: of that moment."""

    def __init__(self, declaration, at: Moment | None = None):
        self.declaration, self.filterset_class = declaration, declaration.liste.filterset_class
        self.moment = at or Moment.now()

    def cached(self, key: tuple, compute, *more: str, clock=None):
        """What `compute` answers of this list, until its records change, or those of other types, or the clock."""
        of = self.declaration
        return cached((self.filterset_class, *key), compute, *of.types, *more, at=self.moment, clock=clock)

    def of_facet(self, facette: str, key: tuple, compute):
        """What `compute` answers of the sets of a facet, until one of these changes, or a name."""
        asked, same = (self.filterset_class, facette, *key), Same(self.valeurs(facette))
        return cached(asked, compute, COMMUN, at=self.moment, clock=same)

    def lasting(self, key: tuple, compute):
        """What `compute` answers of this list, until what is no record changes: names of places and themes."""
        return cached((self.filterset_class, *key), compute, COMMUN, at=self.moment)

    @cached_property
    def sets(self) -> Sets:
        of, filterset = self.declaration, self.filterset_class
        read, bring = partial(sets.read, filterset), partial(sets.brought, filterset_class=filterset)
        return followed((filterset, "sets"), of.types, read, bring, at=self.moment)

    @property
    def publiques(self) -> BitMap:
        return self.sets.publiques

    def valeurs(self, facette: str) -> dict[str, BitMap]:
        """{value of a facet: records that hold it}."""
        return self.sets.valeurs.get(facette, {})

    def commonest(self, facette: str) -> list[str]:
        """The values of a facet, the most frequent first. For examples."""
        values = self.valeurs(facette)
        return sorted(values, key=lambda value: (-len(values[value]), value))

    def counts(self, facette: str, records: BitMap) -> dict[str, int]:
        """{value of a facet: how many of `records`, all public, hold it}, without zeros."""
        values, of_each = self.valeurs(facette), self.sets.par_fiche.get(facette)
        if of_each and len(records) < len(values):  # one by one, not by the set of each value
            counts = Counter(of_each[pk] for pk in records if pk < len(of_each))
            counts.pop("", None)
            return counts
        return counted(values, records)

    def mesure(self, field: str) -> Mesure:
        return Mesure(self.valeurs(f"{MESURE}{field}"))

    @cached_property
    def _montants(self) -> tuple[Mesure, BitMap]:
        """The amounts of all records, none without a measure; the records whose amount counts nowhere."""
        return self.mesure(self.filterset_class.mesure), self.filterset_class.non_comptees()

    def chiffres(self, records: BitMap) -> Chiffres:
        return Chiffres(*self._montants, records)

    def rows(self, queryset, clock=None) -> array:
        """The ids of a queryset of this list, in its order; kept until the list changes.

        `clock`: a moment, if the queryset depends on it.
        """
        sql, params = queryset.values_list("pk").query.sql_with_params()
        return self.cached((sql, () if clock else params), lambda: ids(queryset), clock=clock)

    def order(self, queryset, clock=None) -> array:
        """The ids of all records of the list in the order of `queryset`: updated, not read again."""
        if clock:
            return self.rows(queryset, clock)
        asked, of = queryset.values_list("pk").query.sql_with_params(), self.declaration
        few = self.filterset_class.public_by_key().order_by(*queryset.query.order_by)
        bring = partial(orders.brought, queryset=queryset, few=few)
        return followed((self.filterset_class, *asked), of.types, lambda: ids(queryset), bring, at=self.moment)
