"""The desk of the glossary."""

from django.contrib import admin
from django.db.models import Q

from fiches.admin import FicheAdmin
from fiches.glossaire.models import Terme
from socle.bureau.list_filters import CaseListFilter


class DefinitionListFilter(CaseListFilter):
    title = "définition"
    parameter_name = "etat"
    cases = [("defini", "défini", ~Q(definition="")), ("a-definir", "à définir", Q(definition=""))]


@admin.register(Terme)
class TermeAdmin(FicheAdmin):
    champs = [(None, {"fields": ["titre", "definition", "variantes", "references"]})]
    inlines = []  # a word has no person
    list_display = ["titre", "etat", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", DefinitionListFilter]
    search_fields = ["titre", "variantes"]

    @admin.display(description="définition")
    def etat(self, terme):
        return terme.etat
