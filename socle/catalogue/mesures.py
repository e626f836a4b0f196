"""A number per record as bitmaps, one for each binary digit: bounds, sums and quantiles without reading rows.

Bit-sliced index: P. O'Neil and D. Quass, « Improved Query Performance with Variant Indexes », SIGMOD 1997, section 3.
Numbers are exact: hundredths, from 0.01 to 10^12. Zero means unknown, as NULL does: neither has a bitmap.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from math import ceil

from pyroaring import BitMap

CONNU = "connu"
SCALE = 100
PEU = 8  # amounts; with fewer, quartiles would tell of one or two sheets


def slices(numbers: Mapping[int, Decimal | float | None]) -> dict[str, BitMap]:
    """{CONNU: records with a number; rank of a binary digit: records whose number has it}, without empty sets."""
    known = [(pk, round(number * SCALE)) for pk, number in numbers.items() if number and number > 0]
    length = max((number for _, number in known), default=0).bit_length()
    held = {str(rank): BitMap([pk for pk, number in known if number >> rank & 1]) for rank in range(length)}
    return {name: pks for name, pks in {CONNU: BitMap([pk for pk, _ in known]), **held}.items() if pks}


def counted(values: Mapping[str, BitMap], records: BitMap) -> dict[str, int]:
    """{value: how many of `records` hold it}, without zeros. `values`: {value: records that hold it}."""
    return {value: count for value, held in values.items() if (count := held.intersection_cardinality(records))}


class Mesure:
    """One number of the records of a list. `held`: as `slices` returns it."""

    def __init__(self, held: dict[str, BitMap]):
        self.known = held.get(CONNU, BitMap())
        ranks = [int(value) for value in held if value != CONNU]
        self.slices = [held.get(str(rank), BitMap()) for rank in range(max(ranks, default=-1) + 1)]

    def at_least(self, bound: Decimal) -> BitMap:
        return self.known - self._below(ceil(bound * SCALE))

    def at_most(self, bound: Decimal) -> BitMap:
        return self._below(int(bound * SCALE) + 1)

    def _below(self, wanted: int) -> BitMap:
        """Records whose number is known and less than `wanted`, in hundredths."""
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
        weights = (held.intersection_cardinality(records) << rank for rank, held in enumerate(self.slices))
        return Decimal(sum(weights)) / SCALE

    def at(self, position: int, records: BitMap) -> Decimal:
        """The known number of `records` at `position`, from the smallest, 0."""
        return self.find(position, records)[0]

    def find(self, position: int, records: BitMap) -> tuple[Decimal, BitMap]:
        """Like `at`, with the records that have this number."""
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
        """A quartile of the known numbers of `records`, 2 for the median; None without any.

        Linear interpolation, the smallest number at 0 and the largest at 4: QUARTILE.INC in spreadsheets, « inclusive »
        in Python.
        """
        count = self.known.intersection_cardinality(records)
        if not count:
            return None
        position, beyond = divmod(rank * (count - 1), 4)
        number = self.at(position, records)
        return number + (self.at(position + 1, records) - number) * beyond / 4 if beyond else number


class Chiffres:
    """The figures of some records, each computed when it is asked for.

    An amount counts, or does not count, or is unknown: `montants`, `non_comptees` and `inconnus` add up to `fiches`.
    """

    def __init__(self, mesure: Mesure, hors: BitMap, records: BitMap):
        """`hors`: records whose amount counts nowhere."""
        self._mesure, self._hors, self._records = mesure, hors, records

    @cached_property
    def comptees(self) -> BitMap:
        return (self._records & self._mesure.known) - self._hors

    @property
    def fiches(self) -> int:
        return len(self._records)

    @property
    def montants(self) -> int:
        return len(self.comptees)

    @property
    def se_partagent(self) -> bool:
        """Whether there are enough amounts for a median and quartiles."""
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
        """The first and the third; [] without an amount."""
        return [self._mesure.quartile(rank, self.comptees) for rank in (1, 3)] if self.comptees else []

    def at(self, position: int) -> Decimal:
        return self._mesure.at(position, self.comptees)

    def count_below(self, bound: Decimal) -> int:
        return self.comptees.difference_cardinality(self._mesure.at_least(bound))

    @cached_property
    def extremes(self) -> list[tuple[Decimal, int]]:
        """[(amount, one of its records)] for the smallest and the largest; [] without an amount."""
        if not self.comptees:
            return []
        ends = [self._mesure.find(position, self.comptees) for position in (0, self.montants - 1)]
        return [(number, holders[0]) for number, holders in ends]
