"""What reading files may cost: one budget for all files of a request, spent in their order."""

from dataclasses import dataclass, field

MO = 1000**2


class Exhausted(Exception):
    """A file costs more than what is left of the budget."""


@dataclass
class Budget:
    """What the files of one request may still cost, limited by the memory and the time that it takes.

    `docs/decisions/files.md` has the figures. Commands, for which nobody waits, have more (`for_command`).
    """

    #: Bytes of unpacked archives, as these say.
    unpacked: int = 60 * MO
    #: Entries of archives.
    parts: int = 2_000
    #: Elements of XML.
    tags: int = 1_200_000
    #: Attributes of these elements.
    attributes: int = 3_000_000
    #: Pixels of a plain JPEG; those of other pictures cost several (`pictures.py`).
    pixels: int = 50_000_000
    #: Whether nothing was spent yet.
    untouched: bool = field(default=True, init=False)

    @classmethod
    def for_command(cls) -> "Budget":
        return cls(unpacked=1_000 * MO, parts=20_000, tags=10_000_000, attributes=30_000_000, pixels=200_000_000)

    def spend(self, **costs: int) -> None:
        """Take off {what: how many}. Raises Exhausted if too little is left, and for each later file."""
        self.untouched = False
        for what, cost in costs.items():
            left = getattr(self, what) - cost
            setattr(self, what, left)
            if left < 0:
                raise Exhausted(what)
