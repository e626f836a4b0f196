"""The records of a list by the values of a facet: what figures and their charts are made of."""

from dataclasses import dataclass
from functools import cached_property

from pyroaring import BitMap

from socle.catalogue.selection import Selection
from socle.francais.mots import entier


@dataclass(frozen=True)
class PartDeListe:
    """The records of the list that hold one value of a facet, or several that are told together, or none.

    `valeur`: as in an address, "" if it is not one. `membres`: those of the list, not of the selection alone.
    """

    valeur: str
    texte: str
    membres: BitMap


class Groupement:
    """The records of a selection by the values that they hold of the facet `nom`."""

    def __init__(self, selection: Selection, nom: str):
        self.selection, self.nom, self.facet = selection, nom, selection.facets[nom]
        self._held = self.facet.valeurs(selection.ensembles, nom)

    @cached_property
    def counts(self) -> dict[str, int]:
        """{value: how many records of the selection hold it}, of those that some do."""
        return self.facet.comptes(self.selection.records)

    @cached_property
    def _without(self) -> BitMap:
        """Records of the list that hold no value of the facet."""
        return self.selection.base - BitMap.union(BitMap(), *self._held.values())

    @property
    def sans(self) -> int:
        """How many records of the selection hold no value."""
        return self._without.intersection_cardinality(self.selection.records)

    @property
    def is_multiple(self) -> bool:
        """Whether a record of the selection holds several values."""
        return sum(self.counts.values()) + self.sans > self.selection.total

    def parts(self, first: int = 0) -> list[PartDeListe]:
        """Those that most records of the selection hold come first, unless the values have an order of their own.

        `first`: only so many, and the others as one. Last stand the records that hold none.
        """
        values = sorted(
            self.counts, key=lambda value: (-self.counts[value], self.facet.folded.get(value, value), value)
        )
        rest = values[first:] if first and len(values) > first + 1 else []
        values = values[: len(values) - len(rest)]
        if self.facet.ordonnee:
            values = self.facet.sort({value: self.counts[value] for value in self._held if value in values})
        found = [PartDeListe(value, self.facet.labels[value], self._held[value]) for value in values]
        if rest:
            others = BitMap.union(BitMap(), *(self._held[value] for value in rest))
            found.append(PartDeListe("", f"Les {entier(len(rest))} autres", others))
        if self.sans:
            found.append(PartDeListe("", "Non renseigné", self._without))
        return found
