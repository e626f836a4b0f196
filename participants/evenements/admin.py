"""The editors' desk for events."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fiches.admin import FicheAdmin
from fiches.catalogue.francais import pluriel
from fiches.suivi.filtres import ClassementListFilter, SuiviListFilter
from participants.evenements.filters import QuandFacet
from participants.evenements.models import Evenement


class QuandListFilter(admin.SimpleListFilter):
    title = "date"
    parameter_name = "quand"

    def lookups(self, request, model_admin):
        return [*((value, label) for value, label, _ in QuandFacet().choices), ("sans", "sans date")]

    def queryset(self, request, queryset):
        wanted = {value: condition for value, _, condition in QuandFacet().choices}.get(self.value())
        if wanted:
            return queryset.filter(wanted)
        return queryset.filter(debut__isnull=True) if self.value() == "sans" else queryset


@admin.register(Evenement)
class EvenementAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre", "resume"]}),
        ("Quand, où", {"fields": ["debut", "fin", "heure_connue", "lieu", "adresse"]}),
        ("Les inscriptions", {"fields": ["capacite", "ouverture", "cloture", "lien_externe"]}),
    ]
    list_display = ["titre", "date", "lieu", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", QuandListFilter, SuiviListFilter, ClassementListFilter]
    search_fields = ["titre", "lieu", "adresse"]
    formfield_overrides = FicheAdmin.formfield_overrides | {models.URLField: {"assume_scheme": "https"}}

    @admin.display(description="date", ordering="debut")
    def date(self, evenement):
        if evenement.debut is None:
            return "sans date"
        local = timezone.localtime(evenement.debut)
        return f"{local:%d/%m/%Y %H:%M}" if evenement.heure_connue else f"{local:%d/%m/%Y}"

    def get_deleted_objects(self, objs, request):
        """Registrations keep their event from being deleted: how many, and where to find them."""
        deleted, counts, perms, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, perms, [self._registrations(evenement) for evenement in objs] if protected else []

    @staticmethod
    def _registrations(evenement):
        address = reverse("admin:inscriptions_inscription_changelist")
        count = pluriel(evenement.inscriptions.count(), "inscription", "inscriptions")
        return format_html('<a href="{}?evenement__entree__exact={}">{}</a>', address, evenement.pk, count)
