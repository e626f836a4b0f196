"""XML of others, read as a stream by expat within a budget. Refuses entities and tags larger than any software writes.

The size of a file does not tell its cost: expat reads an unfinished tag again with each block, makes an object of each
attribute, and keeps each name until the end. So the length of an unfinished tag and of all names is bounded.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from xml.parsers.expat import ExpatError, ParserCreate

from socle.medias.budget import Budget

TAG = 64 * 1024  # bytes of a tag or a comment
ATTRIBUTES = 50  # of a tag
DEPTH = 100
NAMES = 64 * 1024  # characters of all names of elements and attributes, each counted once


class Harmful(Exception):
    """No honest software writes such a tag or such a depth, nor a document type, which may declare entities."""


def read(pieces: Iterable[bytes], budget: Budget, opened: Callable[[str, list[str]], None]) -> None:
    """Call `opened(name, [attribute, value, …])` for each element, names without their prefix.

    `pieces`: the bytes, in blocks. Raises ExpatError if it is not XML, Harmful, Exhausted.
    """
    tags = attributes = depth = fed = known = named = 0
    names = {}

    def start(name, found):
        nonlocal tags, attributes, depth
        tags, attributes, depth = tags + 1, attributes + len(found) // 2, depth + 1
        if len(found) > 2 * ATTRIBUTES or depth > DEPTH:
            raise Harmful
        opened(name.rpartition(":")[2], found)

    def end(name):
        nonlocal depth
        depth -= 1

    def doctype(*said):
        raise Harmful

    parser = ParserCreate(intern=names)
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, doctype
    if hasattr(parser, "SetReparseDeferralEnabled"):  # if deferred, CurrentByteIndex would tell nothing
        parser.SetReparseDeferralEnabled(False)
    for piece in pieces:
        parser.Parse(piece)
        fed += len(piece)
        budget.spend(tags=tags, attributes=attributes)
        tags = attributes = 0
        named += sum(map(len, islice(reversed(names), len(names) - known)))
        known = len(names)
        if named > NAMES or fed - parser.CurrentByteIndex > TAG:  # the rest is one unfinished tag
            raise Harmful
    parser.Parse(b"", True)
    budget.spend(tags=tags, attributes=attributes)


__all__ = ["ExpatError", "Harmful", "read"]
