"""The desk for persons: their own rights, nothing of them in the admin's log but a number."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, TextField
from django.urls import reverse
from django.utils.html import format_html

from fiches.suivi.admin import SETTLED, ReglableAdmin, RegleListFilter
from fiches.suivi.concurrence import TexteWidget
from fiches.texte import fold


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


class ParticipantAdmin(admin.ModelAdmin):
    """Persons: found without accents, erased one by one or by list."""

    list_per_page = 50
    search_fields = ["plie"]
    search_help_text = "Nom, organisation ou courriel, avec ou sans accents."
    formfield_overrides = {TextField: {"widget": TexteWidget}}
    readonly_fields = ["cree_le", "origine", "a_regler"]
    ordering = ["plie", "pk"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))

    @admin.display(description="origine")
    def origine(self, row):
        lines = f"lignes {row.premiere_ligne} à {row.derniere_ligne}" if row.premiere_ligne else ""
        return ", ".join(filter(None, (row.source, lines))) or "saisie ici"

    @admin.display(description="anomalies de reprise")
    def a_regler(self, row):
        if not row.pk:
            return "aucune"
        opts = row.anomalies.model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return format_html('<a href="{}?participant__id__exact={}">voir les anomalies</a>', address, row.pk)


class AnomalieParticipantAdmin(ReglableAdmin):
    """Anomalies about persons. Erasing a person erases theirs, hence the right to delete."""

    list_display = ["type", "lien", "champ", "extrait", "ligne", "suite"]
    list_filter = [RegleListFilter, "type"]
    search_fields = ["champ", "texte"]
    search_help_text = "Champ ou texte."
    fields = ["type", "lien", "champ", "ligne", "texte", "creee_le", "suite", "regle"]

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).select_related("participant", SETTLED[self.model][1])

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "participant__id__exact" or super().lookup_allowed(lookup, value, request)

    def is_decidable(self, row):
        return False  # they are settled by hand, on the person's own form

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description="de")
    def lien(self, anomalie):
        opts = anomalie.participant._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[anomalie.participant_id])
        return format_html('<a href="{}">{}</a>', address, anomalie.participant)

    @admin.display(description="texte d’origine")
    def extrait(self, anomalie):
        return anomalie.texte if len(anomalie.texte) <= 120 else f"{anomalie.texte[:119]}…"
