"""« Autour de <commune>, N km »: a filter on the position of the record's commune, read from its facet `lieu`."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from socle.catalogue.filters import Chip, Filtre
from socle.territoires.cartes import EARTH_KM, away
from socle.territoires.lieux import COMMUNE
from socle.territoires.models import Commune
from socle.territoires.place_names import comparison_key
from socle.territoires.prepositions import de_la_commune

DEFAULT_KM = 20
MAX_KM = 200
EXAMPLES = 2  # communes in an example


def kilometres(commune: Commune, latitude: float, longitude: float) -> float:
    """Distance in km from `commune` to a position in degrees, as the crow flies (haversine formula)."""
    here, there = radians(commune.latitude), radians(latitude)
    chord = sin((there - here) / 2) ** 2
    chord += cos(here) * cos(there) * sin(radians(longitude - commune.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))


class CommuneConnue(NamedTuple):
    nom: str
    departement: str
    population: int | None
    latitude: float | None

    def __str__(self):
        return f"{self.nom} ({self.departement})"


def communes(list_sets) -> dict[str, CommuneConnue]:
    """{code: commune} for those with records of the list. One query; later, one for new ones."""
    known = list_sets.lasting(("communes",), dict)
    codes = [code for code in list_sets.valeurs("lieu") if len(code) == COMMUNE and code[0].isdigit()]
    if missing := [code for code in codes if code not in known]:
        rows = Commune.objects.order_by().filter(pk__in=missing)
        rows = rows.values_list("pk", "nom", "departement", "population", "latitude")
        known |= dict.fromkeys(missing) | {code: CommuneConnue(*told) for code, *told in rows}
    return {code: known[code] for code in codes if known[code]}


def codes_within(commune: Commune, km: float) -> dict[str, float]:
    """{code: km} of the communes at most `km` from `commune`. Those in a square around it are read, then measured."""
    half = km / 111.0 + 0.01  # a degree of latitude is never less than 110.5 km
    wide = half / cos(radians(commune.latitude))
    rows = Commune.objects.filter(
        latitude__range=(commune.latitude - half, commune.latitude + half),
        longitude__range=(commune.longitude - wide, commune.longitude + wide),
    )
    rows = rows.order_by().values_list("pk", "latitude", "longitude")
    found = {code: kilometres(commune, latitude, longitude) for code, latitude, longitude in rows}
    return {code: away for code, away in found.items() if away <= km}


class CommuneField(forms.CharField):
    """A commune by its name, « Dinan (22) » or its INSEE code; a message if none or several match.

    Of several, the one in the site's region is taken. A name with one or two mistakes finds the nearest name. If all
    are elsewhere, the message names first the region's communes whose longer name begins so.
    """

    def clean(self, value):
        text = super().clean(value)  # validators first: no NUL reaches the database
        if text in self.empty_values:
            return None
        name, _, code = text.strip().removesuffix(")").partition("(")
        key = comparison_key(name)
        rows = Commune.objects.filter(departement=code.strip().upper()) if code else Commune.objects.all()
        communes = rows.filter(cle=key)
        if not code and text.strip().isalnum() and len(text.strip()) == 5:
            communes = communes | Commune.objects.filter(code=text.strip().upper())
        found = self._meant(communes) or self._meant(self._nearest(rows, key))
        if not found:
            raise ValidationError(
                "Cette commune n’est pas dans la liste officielle : vérifiez son nom.", code="unknown"
            )
        if len(found) > 1:
            elsewhere = away(found[0].departement_id, settings.REGION)
            longer = self._here(rows.filter(cle__startswith=f"{key} "))[:3] if elsewhere else []
            names = ", ".join(str(commune) for commune in [*longer, *found][:5])
            said = "portent ce nom, ou un nom qui commence ainsi" if longer else "portent ce nom"
            raise ValidationError(f"Plusieurs communes {said} : précisez, par exemple {names}.", code="several")
        if found[0].latitude is None:
            raise ValidationError(
                "La position de cette commune n’est pas connue : essayez une voisine.", code="nowhere"
            )
        return found[0]

    @staticmethod
    def _here(communes) -> list[Commune]:
        """The largest first."""
        return list(communes.filter(departement__region=settings.REGION).order_by("-population", "code"))

    def _meant(self, communes) -> list[Commune]:
        """Communes in the site's region; if there are none, all of them, the nearest départements first."""
        elsewhere = communes.order_by("-population", "code")
        return self._here(communes) or sorted(elsewhere, key=lambda one: away(one.departement_id, settings.REGION))

    @staticmethod
    def _nearest(rows, key: str):
        """Rows whose name is nearest to `key`, with at most two mistakes, one in a short name."""
        keys = rows.order_by().values_list("cle", flat=True).distinct()
        allowed = (len(key) > 3) + (len(key) > 7)
        near = process.extract(key, keys, scorer=OSA.distance, score_cutoff=allowed, limit=50) if allowed else []
        best = [cle for cle, mistakes, _ in near if mistakes == near[0][1]]
        return rows.filter(cle__in=best)


class AutourFilter(Filtre):
    """Records at most `rayon` km from a commune."""

    field_class = CommuneField

    def example(self) -> str:
        """« Par exemple Dinan (22) ou Lorient (56) »: communes with most records of the list; "" without any."""
        list_sets = self.parent.list_sets

        def chosen():
            known = communes(list_sets)
            located = (known[code] for code in list_sets.commonest("lieu") if code in known)
            names = [str(commune) for commune in located if commune.latitude is not None][:EXAMPLES]
            return f"Par exemple {' ou '.join(names)}" if names else ""

        return list_sets.of_facet("lieu", ("exemple",), chosen)  # once, not on each page

    def keys(self, list_sets, name: str, value: Commune) -> BitMap:
        return BitMap(self.distances(list_sets, value))

    def distances(self, list_sets, value: Commune) -> dict[int, float]:
        """{record: km}, of those around."""

        def measured():
            held = list_sets.valeurs("lieu")
            near = codes_within(value, self.km).items()
            return {pk: away for code, away in near if code in held for pk in held[code]}

        return list_sets.cached(("distances", value.pk, self.km), measured)

    @property
    def km(self) -> int:
        return self.parent.form.cleaned_data.get("rayon") or DEFAULT_KM

    def chips(self, name, value):
        return [Chip(f"À {self.km} km {de_la_commune(value.nom)}", (name, "rayon"))]

    def words(self, value, accorde):
        return f"à moins de {self.km} km {de_la_commune(value.nom)}"


class RayonFilter(Filtre):
    """How far `autour` reaches, in km. Narrows nothing by itself."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(min_value=1, max_value=MAX_KM, widget=widget, **kwargs)

    def keys(self, list_sets, name, value):
        return list_sets.publiques

    def chips(self, name, value):
        return []

    def words(self, value, accorde):
        return ""
