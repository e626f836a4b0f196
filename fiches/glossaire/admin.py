"""The editors' desk for the glossary."""

from django.contrib import admin

from fiches.admin import FicheAdmin
from fiches.glossaire.models import Terme


class EtatListFilter(admin.SimpleListFilter):
    title = "définition"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("defini", "défini"), ("a-definir", "à définir")]

    def queryset(self, request, queryset):
        if self.value() == "defini":
            return queryset.exclude(definition="")
        return queryset.filter(definition="") if self.value() == "a-definir" else queryset


@admin.register(Terme)
class TermeAdmin(FicheAdmin):
    champs = [(None, {"fields": ["titre", "variantes", "definition", "references"]})]
    inlines = []  # a word has no person
    list_display = ["titre", "etat", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", EtatListFilter]
    search_fields = ["titre", "variantes"]

    @admin.display(description="définition")
    def etat(self, terme):
        return terme.etat
