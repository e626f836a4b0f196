"""Places by their codes, of communes, intercommunalités and départements alike: their names, and where they are."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from django.db.models import Avg

from socle.memoire.held import Versions, held
from socle.memoire.triggers import COMMUN
from socle.territoires.models import Commune, Departement, Intercommunalite

MANY = 2000  # places: then all of them are read, and held
COMMUNE, DEPARTEMENT = 5, 3  # characters of a code, of that of a département at most; an intercommunalité has nine


class Emplacement(NamedTuple):
    """A place: its name; longitude and latitude (WGS 84), None if nobody knows; `precision`: « commune », or of what it
    is about the middle, « intercommunalite » (its largest commune) or « departement »; the département it lies in."""

    nom: str
    longitude: float | None = None
    latitude: float | None = None
    precision: str = ""
    departement: str = ""


Situation = tuple[float | None, float | None, str, str]  # an `Emplacement` but for its name


class Lieux(Mapping[str, Emplacement]):
    """Places by their codes. One is put together when it is asked for: a map of France reads 35 000 and names a few."""

    def __init__(self, communes, groups: dict[str, str], largest: dict[str, Situation], middles: dict[str, tuple]):
        """`communes`: rows of code, name, longitude, latitude, département, intercommunalité. `groups`: names of
        intercommunalités. `middles`: of départements their name, then where they are."""
        self._communes = {row[0]: row for row in communes}
        self._groups, self._largest, self._middles = groups, largest, middles

    def where(self, code: str) -> Situation:
        """Where a place is; KeyError if there is none."""
        if (row := self._communes.get(code)) is not None:
            _, _, x, y, departement, group = row
            if x is not None:
                return x, y, "commune", departement
            return self._largest.get(group) or self._middles[departement][1:]
        if code in self._groups:
            return self._largest.get(code, (None, None, "", ""))
        return self._middles[code][1:]

    def nom(self, code: str) -> str:
        """The name of a place; KeyError if there is none."""
        if (row := self._communes.get(code)) is not None:
            return f"{row[1]} ({row[4]})"
        return self._groups[code] if code in self._groups else f"{self._middles[code][0]} (sans précision)"

    def __getitem__(self, code: str) -> Emplacement:
        return Emplacement(self.nom(code), *self.where(code))

    def __contains__(self, code) -> bool:
        return code in self._communes or code in self._groups or code in self._middles

    def __iter__(self) -> Iterator[str]:
        return chain(self._middles, self._groups, self._communes)

    def __len__(self) -> int:
        return len(self._middles) + len(self._groups) + len(self._communes)


def located(codes: Iterable[str] | None = None) -> Lieux:
    """Places of some codes that exist, of all of them without `codes`. Four queries at most.

    A commune without a position stands at the largest of its intercommunalité, or else amid its département.
    """
    rows, named = Commune.objects.order_by(), Intercommunalite.objects.order_by()
    groups = departements = None
    if codes is not None:
        codes = list(codes)
        departements = {code for code in codes if len(code) <= DEPARTEMENT}
        groups = {code for code in codes if len(code) > COMMUNE}
        rows, named = rows.filter(pk__in={*codes} - departements - groups), named.filter(pk__in=groups)
    rows = list(rows.values_list("pk", "nom", "longitude", "latitude", "departement", "intercommunalite"))
    if codes is not None:
        lost = [(group, departement) for *_, x, departement, group in rows if x is None]
        groups |= {group for group, _ in lost if group}
        departements |= {departement for _, departement in lost}
    return Lieux(rows, dict(named.values_list("pk", "nom")), _largest(groups), _middles(departements))


def everywhere(versions: Versions | None = None) -> Lieux:
    """All places that there are, held until they change. `versions`: as read before."""
    return held(("lieux",), located, COMMUN, versions=versions)


def _largest(groups: set[str] | None) -> dict[str, Situation]:
    """{intercommunalité: where its largest commune is} of some, or of all."""
    rows = Commune.objects.filter(intercommunalite__isnull=False, latitude__isnull=False).order_by("population", "-pk")
    rows = rows if groups is None else rows.filter(intercommunalite__in=groups)
    rows = rows.values_list("intercommunalite", "longitude", "latitude", "departement")
    return {code: (x, y, "intercommunalite", departement) for code, x, y, departement in rows}


def _middles(departements: set[str] | None) -> dict[str, tuple]:
    """{département: its name, and where its communes are on average} of some, or of all."""
    rows = Departement.objects.order_by()
    rows = rows if departements is None else rows.filter(pk__in=departements)
    rows = rows.annotate(x=Avg("communes__longitude"), y=Avg("communes__latitude"))
    return {code: (nom, x, y, "departement", code) for code, nom, x, y in rows.values_list("pk", "nom", "x", "y")}
