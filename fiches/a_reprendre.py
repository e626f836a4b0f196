"""What a list of records may have to mend: doubles, public ones long unchanged, what a record lacks."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import DecimalField, Q
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from fiches.suivi import doublons
from socle.annuaire.models import Statut

OLD = timedelta(days=2 * 365)
LISTED = 10_000  # keys that one filter hands back to the database


class AReprendreListFilter(admin.SimpleListFilter):
    title = "entretien"
    parameter_name = "a_reprendre"

    def lookups(self, request, model_admin):
        return [("doublon", "doublons possibles"), ("ancienne", "publiées, inchangées depuis deux ans")]

    def queryset(self, request, queryset):
        if self.value() == "doublon":
            # Among all records, not those that the other filters leave: a draft may double what is published.
            return queryset.filter(pk__in=doublons.keys(queryset.model)[:LISTED])
        if self.value() == "ancienne":
            return queryset.filter(statut=Statut.PUBLIEE, modifiee_le__lt=timezone.now() - OLD)
        return queryset


class ManqueListFilter(admin.SimpleListFilter):
    """What records of a type should have and do not: themes, and what its declaration expects."""

    title = "ce qui manque"
    parameter_name = "manque"

    def lookups(self, request, model_admin):
        return list(expected(model_admin.model).items())

    def queryset(self, request, queryset):
        if self.value() in expected(queryset.model):
            return queryset.filter(lacks(queryset.model, self.value()))
        return queryset


def expected(model: type[Fiche]) -> dict[str, str]:
    """{fields, joined by « + »: words for a record that has none of them}."""
    return {"themes": "sans thème"} | registre.for_model(model).attendus


def lacks(model: type[Fiche], cle: str) -> Q:
    """Condition: all the fields of `cle` are empty."""
    condition = Q()
    for name in cle.split("+"):
        field = model._meta.get_field(name)
        empty = Q(**{f"{name}__isnull": True}) if field.null or field.many_to_many else Q(**{name: ""})
        condition &= empty | Q(**{name: 0}) if isinstance(field, DecimalField) else empty
    return condition
