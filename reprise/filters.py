"""Filters of the desk's lists of records and persons: what the takeover left to settle on them."""

from django.contrib import admin
from django.db.models import Exists, OuterRef

from reprise.models import Anomalie, Conflit


class SuiviListFilter(admin.SimpleListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("anomalie", "anomalies à régler"), ("conflit", "conflits à régler"), ("rien", "rien à régler")]

    def queryset(self, request, queryset):
        anomalie, conflit = (
            Exists(model.objects.open().filter(entree=OuterRef("pk"))) for model in (Anomalie, Conflit)
        )
        if self.value() == "rien":
            return queryset.exclude(anomalie).exclude(conflit)
        wanted = {"anomalie": anomalie, "conflit": conflit}.get(self.value())
        return queryset.filter(wanted) if wanted else queryset


class AnomalieListFilter(admin.SimpleListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("anomalie", "anomalies à régler"), ("rien", "rien à régler")]

    def queryset(self, request, queryset):
        anomalies = queryset.model.anomalies.rel.related_model
        wanted = Exists(anomalies.objects.open().filter(participant=OuterRef("pk")))
        if self.value() == "anomalie":
            return queryset.filter(wanted)
        return queryset.exclude(wanted) if self.value() == "rien" else queryset
