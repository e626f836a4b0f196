"""What the roof declares: the list of all records."""

from labacces.recherche import SITE as ROOM

__all__ = ["ROOM"]
