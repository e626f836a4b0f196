"""« Autour de <commune>, N km »: a filter on the position of the record's commune."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, FloatField, Value
from django.db.models.functions import ASin, Cos, Radians, Sin, Sqrt

from socle.catalogue.filters import Chip
from socle.territoires.models import Commune
from socle.territoires.noms import comparison_key
from socle.territoires.prepositions import de_la_commune

EARTH_KM = 6371.0
DEFAULT_KM = 20
MAX_KM = 200


def communes_within(commune: Commune, km: float):
    """Communes whose position is at most `km` from that of `commune`, as the crow flies (haversine formula)."""
    half = km / 111.0 + 0.01  # a degree of latitude is never less than 110.5 km
    latitude, longitude = Value(commune.latitude, FloatField()), Value(commune.longitude, FloatField())
    rise = Sin(Radians(F("latitude") - latitude) / 2)
    turn = Sin(Radians(F("longitude") - longitude) / 2)
    chord = rise * rise + Cos(Radians(F("latitude"))) * Cos(Radians(latitude)) * turn * turn
    return (
        Commune.objects.filter(latitude__range=(commune.latitude - half, commune.latitude + half))
        .annotate(distance_km=2 * EARTH_KM * ASin(Sqrt(chord)))
        .filter(distance_km__lte=km)
        .order_by()
    )


class CommuneField(forms.CharField):
    """A commune by its name, « Dinan (22) » or its INSEE code; a message if none or several answer."""

    def clean(self, value):
        text = super().clean(value)  # its validators first: no NUL reaches the database
        if text in self.empty_values:
            return None
        name, _, code = text.strip().removesuffix(")").partition("(")
        communes = Commune.objects.filter(cle=comparison_key(name))
        if code:
            communes = communes.filter(departement=code.strip().upper())
        elif text.strip().isalnum() and len(text.strip()) == 5:
            communes = communes | Commune.objects.filter(code=text.strip().upper())
        found = list(communes.order_by("-population", "code")[:6])
        if not found:
            raise ValidationError(
                "Cette commune n’est pas dans la liste officielle : vérifiez son nom.", code="unknown"
            )
        if len(found) > 1:
            names = ", ".join(str(commune) for commune in found[:5])
            raise ValidationError(f"Plusieurs communes portent ce nom : précisez, par exemple {names}.", code="several")
        if found[0].latitude is None:
            raise ValidationError(
                "La position de cette commune n’est pas connue : essayez une voisine.", code="nowhere"
            )
        return found[0]


class AutourFilter(django_filters.Filter):
    """Records of a commune at most `rayon` km away. `field_name`: path from the record to its commune."""

    field_class = CommuneField

    def filter(self, qs, value):
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__in": communes_within(value, self.km).values("pk")})

    @property
    def km(self) -> int:
        return self.parent.form.cleaned_data.get("rayon") or DEFAULT_KM

    def chips(self, name, value):
        return [Chip(f"À {self.km} km {de_la_commune(value.nom)}", (name, "rayon"))]

    def words(self, value):
        return f"à moins de {self.km} km {de_la_commune(value.nom)}"


class RayonFilter(django_filters.NumberFilter):
    """How far `autour` reaches, in km. Filters nothing by itself."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric"})
        super().__init__(min_value=1, max_value=MAX_KM, widget=widget, **kwargs)

    def get_max_validator(self):
        return None

    def filter(self, qs, value):
        return qs

    def chips(self, name, value):
        return []

    def words(self, value):
        return ""
