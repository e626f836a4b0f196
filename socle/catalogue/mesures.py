"""A number of each record as bitmaps, one for each binary digit: bounds, sums and quantiles without reading a row.

Bit-sliced index: P. O'Neil and D. Quass, « Improved Query Performance with Variant Indexes », SIGMOD 1997, section 3.
Numbers are exact: hundredths, from 0.01 to 10^12. Zero and unknown have no bitmap, since nobody knows them.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from math import ceil

from pyroaring import BitMap

CONNU = "connu"
SCALE = 100
PEU = 8  # amounts: of fewer, quarters and halves would be said of one or two sheets


def slices(numbers: Mapping[int, Decimal | float | None]) -> dict[str, BitMap]:
    """{CONNU, and the rank of each binary digit: the records whose number has it}; as a database gives these."""
    known = [(pk, round(number * SCALE)) for pk, number in numbers.items() if number and number > 0]
    length = max((number for _, number in known), default=0).bit_length()
    held = {str(rank): BitMap([pk for pk, number in known if number >> rank & 1]) for rank in range(length)}
    return {name: pks for name, pks in {CONNU: BitMap([pk for pk, _ in known]), **held}.items() if pks}


def counted(values: Mapping[str, BitMap], records: BitMap) -> dict[str, int]:
    """{value: how many of some records hold it}, of those that some do. `values`: {value: who holds it}."""
    return {value: count for value, held in values.items() if (count := held.intersection_cardinality(records))}


class Mesure:
    """One number of the records of a list. `held`: {value as in `slices`: the records that hold it}."""

    def __init__(self, held: dict[str, BitMap]):
        self.known = held.get(CONNU, BitMap())
        ranks = [int(value) for value in held if value != CONNU]
        self.slices = [held.get(str(rank), BitMap()) for rank in range(max(ranks, default=-1) + 1)]

    def at_least(self, bound: Decimal) -> BitMap:
        """Records whose number is known and at least `bound`."""
        return self.known - self._below(ceil(bound * SCALE))

    def at_most(self, bound: Decimal) -> BitMap:
        """Records whose number is known and at most `bound`."""
        return self._below(int(bound * SCALE) + 1)

    def _below(self, wanted: int) -> BitMap:
        """Records whose number is known and under `wanted`, a whole number of hundredths."""
        if wanted >> len(self.slices):
            return self.known
        below, equal = BitMap(), self.known
        for rank in reversed(range(len(self.slices))):
            if wanted >> rank & 1:
                below |= equal - self.slices[rank]
                equal = equal & self.slices[rank]
            else:
                equal = equal - self.slices[rank]
        return below

    def total(self, records: BitMap) -> Decimal:
        """The sum of the known numbers of some records."""
        weights = (held.intersection_cardinality(records) << rank for rank, held in enumerate(self.slices))
        return Decimal(sum(weights)) / SCALE

    def at(self, position: int, records: BitMap) -> Decimal:
        """Of the known numbers of some records, the one at `position` from the smallest, which is 0."""
        return self.find(position, records)[0]

    def find(self, position: int, records: BitMap) -> tuple[Decimal, BitMap]:
        """The same, and those of the records that hold that number."""
        among, number = self.known & records, 0
        for rank in reversed(range(len(self.slices))):
            low = among - self.slices[rank]
            if position < len(low):
                among = low
            else:
                position -= len(low)
                among = among & self.slices[rank]
                number |= 1 << rank
        return Decimal(number) / SCALE, among

    def quartile(self, rank: int, records: BitMap) -> Decimal | None:
        """A quartile of the known numbers of some records, the second being their median; None without any.

        The numbers stand evenly from 0 to 4, the smallest and the largest at the ends; between two, in proportion: what
        spreadsheets call QUARTILE.INC and Python the method « inclusive ».
        """
        count = self.known.intersection_cardinality(records)
        if not count:
            return None
        position, beyond = divmod(rank * (count - 1), 4)
        number = self.at(position, records)
        return number + (self.at(position + 1, records) - number) * beyond / 4 if beyond else number


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
