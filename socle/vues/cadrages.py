"""Frames of maps by name: France, a région or a département, as an address has it (`cadre=morbihan`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.text import slugify

from socle.catalogue.list_sets import ListSets
from socle.francais.wording import et
from socle.territoires.cartes import Cadre, drawing, frame, of_region
from socle.territoires.models import Region
from socle.territoires.prepositions import dans_la_region, dans_le_departement

FRANCE = "france"


@dataclass(frozen=True)
class Territoire:
    """A part of the country: its name, where it is (« en Bretagne »), its départements.

    `cle`: its name in addresses, or "". `serre`: whether its frame shows these départements alone, not their régions.
    """

    cle: str
    nom: str
    dans: str
    codes: frozenset[str]
    serre: bool = False

    @property
    def cadre(self) -> Cadre:
        return frame(self.codes, close=self.serre)

    @cached_property
    def regions(self) -> frozenset[str]:
        return frozenset(drawing()["departements"][code]["region"] for code in self.codes)


@dataclass(frozen=True)
class Territoires:
    """The drawn territories, by key, by region and by département."""

    by_cle: dict[str, Territoire]
    regions: dict[str, Territoire]
    departements: dict[str, Territoire]

    @property
    def france(self) -> Territoire:
        return self.by_cle[FRANCE]

    def of_region(self, region: str) -> list[Territoire]:
        """By name."""
        found = [self.departements[code] for code in of_region(region)]
        return sorted(found, key=lambda one: one.cle)

    def of_regions(self, regions: Iterable[str]) -> Territoire:
        """Several régions as one; France, if their map shows about all of it."""
        several = sorted((self.regions[code] for code in regions), key=lambda one: one.cle)
        if len(several) == 1:
            return several[0]
        codes = frozenset().union(*(one.codes for one in several))
        if len(frame(codes).codes) == len(self.departements):
            return self.france
        return Territoire("", et([one.nom for one in several]), et([one.dans for one in several]), codes)

    def of_departements(self, codes: Iterable[str]) -> Territoire | None:
        """Several départements as one; None if none is drawn."""
        several = [self.departements[code] for code in codes if code in self.departements]
        if len(several) < 2:
            return several[0] if several else None
        together = frozenset(next(iter(one.codes)) for one in several)
        names, where = ([getattr(one, said) for one in several] for said in ("nom", "dans"))
        return Territoire("", et(names), et(where), together, serre=True)


def known(list_sets: ListSets) -> Territoires:
    """The drawn territories. Their names are read once, whatever records change."""
    return list_sets.lasting(("cadres",), _read)


def _read() -> Territoires:
    drawn, names = drawing()["departements"], dict(Region.objects.order_by().values_list("pk", "nom"))
    departements = {code: _departement(code, one["nom"]) for code, one in drawn.items()}
    regions = {code: _region(code, names.get(code, code)) for code in {one["region"] for one in drawn.values()}}
    france = Territoire(FRANCE, "France", "en France", frozenset(drawn))
    every = (france, *departements.values(), *regions.values())
    return Territoires({one.cle: one for one in every}, regions, departements)


def _region(code: str, nom: str) -> Territoire:
    return Territoire(_cle(nom), nom, dans_la_region(code, nom), frozenset(of_region(code)))


def _departement(code: str, nom: str) -> Territoire:
    return Territoire(_cle(nom), nom, dans_le_departement(code, nom), frozenset([code]), serre=True)


def _cle(nom: str) -> str:
    return slugify(nom.replace("'", " ").replace("’", " "))
