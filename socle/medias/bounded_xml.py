"""XML of others, read as a stream by expat within a budget: no entity, no tag that is larger than any software writes.

What a parser of this kind costs is not its file's weight: a tag is read again with each block until it ends, an
attribute is an object, each name is held until the end. So a tag is refused by its length before it has ended, and a
file by the length of all its names.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from xml.parsers.expat import ExpatError, ParserCreate

from socle.medias.budget import Budget

TAG = 64 * 1024  # bytes of a tag, or of a comment
ATTRIBUTES = 50  # of a tag
DEPTH = 100
NAMES = 64 * 1024  # characters of the names of all its elements and attributes, each counted once


class Harmful(Exception):
    """No honest software writes such a tag, such a depth, or a document type, which is where entities are declared."""


def read(pieces: Iterable[bytes], budget: Budget, opened: Callable[[str, list[str]], None]) -> None:
    """Call `opened(name, [attribute, value, …])` for each element, names without their prefix.

    `pieces`: its bytes, in blocks. ExpatError if it is no XML, Harmful, Exhausted.
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
    if hasattr(parser, "SetReparseDeferralEnabled"):  # put off, the place where it stands would say nothing
        parser.SetReparseDeferralEnabled(False)
    for piece in pieces:
        parser.Parse(piece)
        fed += len(piece)
        budget.spend(tags=tags, attributes=attributes)
        tags = attributes = 0
        named += sum(map(len, islice(reversed(names), len(names) - known)))
        known = len(names)
        if named > NAMES or fed - parser.CurrentByteIndex > TAG:  # what follows is one tag, which has not ended
            raise Harmful
    parser.Parse(b"", True)
    budget.spend(tags=tags, attributes=attributes)


__all__ = ["ExpatError", "Harmful", "read"]
