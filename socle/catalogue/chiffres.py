"""What some records of a list come to: how many they are and, where the list has a measure, their amounts.

Everything that prints a total or a median of public records asks here: lists, home, the view « Chiffres ».
"""

from decimal import Decimal
from functools import cached_property

from pyroaring import BitMap

from socle.catalogue.ensembles import Ensembles

PEU = 8  # amounts: of fewer, quarters and halves would be said of one or two sheets


class Montants:
    """The amounts of the records of a list, and the records whose amount counts nowhere, at one moment."""

    def __init__(self, ensembles: Ensembles):
        liste = ensembles.filterset_class
        self.mesure = ensembles.mesure(liste.mesure)  # knows no amount in a list without one
        self.non_comptees = liste.non_comptees()

    def of(self, records: BitMap) -> "Chiffres":
        return Chiffres(self, records)


class Chiffres:
    """The figures of some records, each computed when it is asked for.

    A record has an amount that counts, or is not counted, or its amount is unknown: `montants`, `non_comptees` and
    `inconnus` add up to `fiches`.
    """

    def __init__(self, montants: Montants, records: BitMap):
        self._mesure, self._hors, self._records = montants.mesure, montants.non_comptees, records

    @cached_property
    def comptees(self) -> BitMap:
        """The records whose amount counts."""
        return (self._records & self._mesure.known) - self._hors

    @property
    def fiches(self) -> int:
        return len(self._records)

    @property
    def montants(self) -> int:
        return len(self.comptees)

    @property
    def se_partagent(self) -> bool:
        """Whether there are so many amounts that their half and their quarters tell something."""
        return self.montants >= PEU

    @property
    def non_comptees(self) -> int:
        return self._records.intersection_cardinality(self._hors)

    @property
    def inconnus(self) -> int:
        return self.fiches - self.montants - self.non_comptees

    @cached_property
    def total(self) -> Decimal | None:
        return self._mesure.total(self.comptees) if self.comptees else None

    @cached_property
    def mediane(self) -> Decimal | None:
        return self._mesure.quartile(2, self.comptees)

    @cached_property
    def quartiles(self) -> list[Decimal]:
        """The first and the third; none without an amount."""
        return [self._mesure.quartile(rank, self.comptees) for rank in (1, 3)] if self.comptees else []

    def at(self, position: int) -> Decimal:
        """The amount at `position` from the smallest, which is 0."""
        return self._mesure.at(position, self.comptees)

    def count_below(self, bound: Decimal) -> int:
        """How many amounts are smaller."""
        return self.comptees.difference_cardinality(self._mesure.at_least(bound))

    @cached_property
    def extremes(self) -> list[tuple[Decimal, int]]:
        """(amount, a record that has it) of the smallest and the largest amount; none without an amount."""
        if not self.comptees:
            return []
        ends = [self._mesure.find(position, self.comptees) for position in (0, self.montants - 1)]
        return [(number, holders[0]) for number, holders in ends]
