"""A number of each record, its amount: bounds, sums and quartiles without reading a row.

Numbers are exact: hundredths, from 0.01 to 10^12. Zero and unknown are nowhere, since nobody knows them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from copy import copy
from decimal import Decimal
from functools import cached_property
from math import ceil

from pyroaring import BitMap

SCALE = 100
PEU = 8  # amounts: of fewer, quarters and halves would be said of one or two sheets


def hundredths(number: Decimal | float) -> int:
    """An amount as a database gives it, as a whole number: 6736.5 and Decimal("6736.50") are 673650."""
    return round(number * SCALE)


def counted(values: Mapping[str, BitMap], records: BitMap) -> dict[str, int]:
    """{value: how many of some records hold it}, of those that some do. `values`: {value: who holds it}."""
    return {value: count for value, held in values.items() if (count := held.intersection_cardinality(records))}


class Mesure:
    """The known amounts of the records of a list, in hundredths. `par_cle`: {record: its amount}.

    Records and amounts stand too from the smallest amount to the largest, then by key. It is never changed: `after`
    makes another one.
    """

    def __init__(self, par_cle: Mapping[int, int]):
        pairs = sorted((number, pk) for pk, number in par_cle.items())
        self.par_cle, self.known = dict(par_cle), BitMap(par_cle)
        self._pks, self._numbers = array("I", [pk for _, pk in pairs]), array("q", [number for number, _ in pairs])

    def after(self, changed: BitMap, now: Mapping[int, int]) -> "Mesure":
        """The same after some records changed, whose known amounts are now `now`."""
        if all(self.par_cle.get(pk) == now.get(pk) for pk in changed):
            return self
        after = copy(self)
        after.par_cle, after._pks, after._numbers = dict(self.par_cle), self._pks[:], self._numbers[:]
        for pk in changed & self.known:
            place = after._place(after.par_cle.pop(pk), pk)
            del after._pks[place], after._numbers[place]
        for pk, number in now.items():
            place = after._place(number, pk)
            after._pks.insert(place, pk)
            after._numbers.insert(place, number)
        after.par_cle |= now
        after.known = (self.known - changed) | BitMap(now)
        return after

    def _place(self, number: int, pk: int) -> int:
        """Where a record of that amount stands, or would."""
        same = bisect_left(self._numbers, number), bisect_right(self._numbers, number)
        return bisect_left(self._pks, pk, *same)

    def at_least(self, bound: Decimal) -> BitMap:
        """Records whose amount is known and at least `bound`."""
        return BitMap(self._pks[bisect_left(self._numbers, ceil(bound * SCALE)) :])

    def at_most(self, bound: Decimal) -> BitMap:
        """Records whose amount is known and at most `bound`."""
        return BitMap(self._pks[: bisect_right(self._numbers, int(bound * SCALE))])

    def total(self, records: BitMap) -> Decimal:
        """The sum of the known amounts of some records."""
        return Decimal(sum(map(self.par_cle.__getitem__, records & self.known))) / SCALE

    def numbers(self, records: BitMap) -> Sequence[int]:
        """The known amounts of some records, from the smallest, in hundredths."""
        records = records & self.known
        if len(records) == len(self.known):
            return self._numbers
        if len(records) * 4 > len(self.known):
            return [number for pk, number in zip(self._pks, self._numbers, strict=True) if pk in records]
        return sorted(map(self.par_cle.__getitem__, records))

    def holder(self, number: int, records: BitMap) -> int:
        """The record of the smallest key, of some, that has an amount, in hundredths."""
        return min(pk for pk in records if self.par_cle.get(pk) == number)


class Chiffres:
    """The figures of some records, each computed when it is asked for.

    A record has an amount that counts, or is not counted, or its amount is unknown: `montants`, `non_comptees` and
    `inconnus` add up to `fiches`.
    """

    def __init__(self, mesure: Mesure, hors: BitMap, records: BitMap):
        """`mesure`: their amounts. `hors`: those whose amount counts nowhere."""
        self._mesure, self._hors, self._records = mesure, hors, records

    @cached_property
    def comptees(self) -> BitMap:
        """The records whose amount counts."""
        return (self._records & self._mesure.known) - self._hors

    @cached_property
    def _numbers(self) -> Sequence[int]:
        """The amounts that count, from the smallest, in hundredths."""
        return self._mesure.numbers(self.comptees)

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
        return self._quartile(2) if self.comptees else None

    @cached_property
    def quartiles(self) -> list[Decimal]:
        """The first and the third; none without an amount."""
        return [self._quartile(rank) for rank in (1, 3)] if self.comptees else []

    def _quartile(self, rank: int) -> Decimal:
        """A quartile of the amounts, the second being their median.

        The numbers stand evenly from 0 to 4, the smallest and the largest at the ends; between two, in proportion: what
        spreadsheets call QUARTILE.INC and Python the method « inclusive ».
        """
        position, beyond = divmod(rank * (self.montants - 1), 4)
        number = self.at(position)
        return number + (self.at(position + 1) - number) * beyond / 4 if beyond else number

    def at(self, position: int) -> Decimal:
        """The amount at `position` from the smallest, which is 0."""
        return Decimal(self._numbers[position]) / SCALE

    def count_below(self, bound: Decimal) -> int:
        """How many amounts are smaller."""
        return bisect_left(self._numbers, ceil(bound * SCALE))

    @cached_property
    def extremes(self) -> list[tuple[Decimal, int]]:
        """(amount, a record that has it) of the smallest and the largest amount; none without an amount."""
        ends = (self._numbers[0], self._numbers[-1]) if self.comptees else ()
        return [(Decimal(number) / SCALE, self._mesure.holder(number, self.comptees)) for number in ends]
