"""The editors' desk: the synonyms."""

from django.contrib import admin
from django.db import models

from socle.bureau.saisie import SaisieGardeeAdmin
from socle.bureau.widgets import TexteWidget
from socle.recherche.models import Synonymes


@admin.register(Synonymes)
class SynonymesAdmin(SaisieGardeeAdmin):
    explication = "Des mots que la recherche tient pour les mêmes."
    list_display = ["groupe", "sens_unique"]
    list_filter = ["sens_unique"]
    list_per_page = 200
    search_fields = ["mots"]
    search_help_text = "Un mot du groupe."
    fields = ["mots", "sens_unique"]
    formfield_overrides = {models.TextField: {"widget": TexteWidget}}

    @admin.display(description="mots", ordering="mots")
    def groupe(self, synonymes):
        return str(synonymes)
