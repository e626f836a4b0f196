"""Names and positions of communes, intercommunalités and départements, by code."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Avg

from socle.territoires.cartes import place
from socle.territoires.models import Commune, Departement, Intercommunalite

COMMUNE, DEPARTEMENT = 5, 3  # characters of a code; an intercommunalité has nine


@dataclass(frozen=True)
class Emplacement:
    """`longitude`, `latitude`: WGS 84, None if unknown. `departement`: the one where the place lies.

    `precision`: "commune"; "intercommunalite", at its largest commune; "departement", about its middle; or "".
    """

    nom: str
    longitude: float | None = None
    latitude: float | None = None
    precision: str = ""
    departement: str = ""

    @cached_property
    def point(self) -> tuple[float, float] | None:
        """Its point of the drawing; None if only its département is known."""
        return place(self.longitude, self.latitude) if self.precision not in ("", "departement") else None


NOWHERE = Emplacement("Lieu non précisé")


def located(codes: Iterable[str]) -> dict[str, Emplacement]:
    """{code: place}, for the codes that exist. Four queries at most.

    A commune without a position gets that of the largest commune of its intercommunalité, or else the middle of its
    département.
    """
    codes = set(codes)
    departements = {code for code in codes if len(code) <= DEPARTEMENT}
    groups = {code for code in codes if len(code) > COMMUNE}
    rows = Commune.objects.order_by().filter(pk__in=codes - departements - groups)
    rows = list(rows.values_list("pk", "nom", "longitude", "latitude", "departement", "intercommunalite"))
    lost = [(group, departement) for _, _, x, _, departement, group in rows if x is None]
    largest = _largest(groups | {group for group, _ in lost})
    found = _middles(departements | {departement for _, departement in lost})
    for code, nom, x, y, departement, group in rows:
        near = (largest.get(group) or found[departement]) if x is None else None
        nom = f"{nom} ({departement})"
        found[code] = replace(near, nom=nom) if near else Emplacement(nom, x, y, "commune", departement)
    named = Intercommunalite.objects.order_by().filter(pk__in=groups).values_list("pk", "nom")
    return found | {code: replace(largest.get(code, NOWHERE), nom=nom) for code, nom in named}


def _largest(groups: set[str]) -> dict[str, Emplacement]:
    """{intercommunalité: where its largest commune is}."""
    rows = Commune.objects.filter(intercommunalite__in=groups, latitude__isnull=False).order_by("population", "-pk")
    rows = rows.values_list("intercommunalite", "longitude", "latitude", "departement")
    return {code: Emplacement("", x, y, "intercommunalite", departement) for code, x, y, departement in rows}


def _middles(departements: set[str]) -> dict[str, Emplacement]:
    """{département: where its communes are on average}."""
    rows = Departement.objects.order_by().filter(pk__in=departements)
    rows = rows.annotate(x=Avg("communes__longitude"), y=Avg("communes__latitude")).values_list("pk", "nom", "x", "y")
    return {code: Emplacement(f"{nom} (sans précision)", x, y, "departement", code) for code, nom, x, y in rows}
