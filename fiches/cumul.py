"""What records come to, of which each set that holds them adds what it is worth.

One bitmap for each binary digit, so that sets are added without a look at each record. Bit-sliced index: P. O'Neil and
D. Quass, « Improved Query Performance with Variant Indexes », SIGMOD 1997, section 3.
"""

from collections.abc import Iterable

from pyroaring import BitMap


class Cumul:
    """The sum of what some sets are worth, whole numbers, of each record that one of them holds."""

    def __init__(self, worths: Iterable[tuple[BitMap, int]]):
        self.known, self.slices = BitMap(), []
        for records, worth in worths:
            self.known |= records
            for first in (rank for rank in range(worth.bit_length()) if worth >> rank & 1):
                carried, rank = records, first
                while carried:
                    self.slices += [BitMap() for _ in range(rank + 1 - len(self.slices))]
                    self.slices[rank], carried = self.slices[rank] ^ carried, self.slices[rank] & carried
                    rank += 1

    def of_one(self, pk: int) -> int:
        """What one record comes to."""
        return sum(1 << rank for rank, held in enumerate(self.slices) if pk in held)

    def largest(self, records: BitMap, wanted: int) -> BitMap:
        """`wanted` of some records, those that come to most; of equal ones those of the smallest ids."""
        found, among = BitMap(), self.known & records
        for held in reversed(self.slices):
            high = among & held
            if len(found) + len(high) > wanted:
                among = high
            else:
                found |= high
                among = among - held
        for rest in (among, records - self.known):
            found |= rest[: wanted - len(found)]
        return found
