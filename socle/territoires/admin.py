"""Places in the admin: to look up. They come from the official code, so nobody adds, edits or deletes them here."""

from django.contrib import admin

from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.texte import fold
from socle.territoires.models import Commune, Departement, Intercommunalite, Region


class ReferentielAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """A table that `manage.py charger_referentiels` alone writes."""


class FoldedSearch:
    """Search without accents, in `nom_plie`."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


@admin.register(Region)
class RegionAdmin(ReferentielAdmin):
    list_display = ["nom", "code"]
    search_fields = ["nom", "code"]


@admin.register(Departement)
class DepartementAdmin(ReferentielAdmin):
    list_display = ["code", "nom", "region"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["nom", "code"]


@admin.register(Intercommunalite)
class IntercommunaliteAdmin(FoldedSearch, ReferentielAdmin):
    list_display = ["nom", "nature", "code"]
    list_filter = ["nature"]
    search_fields = ["nom_plie", "code"]
    search_help_text = "Nom, avec ou sans accents, ou SIREN."


@admin.register(Commune)
class CommuneAdmin(FoldedSearch, ReferentielAdmin):
    list_display = ["nom", "code", "departement", "intercommunalite", "population", "is_situee"]
    list_filter = ["departement__region"]
    list_select_related = ["departement", "intercommunalite"]
    search_fields = ["nom_plie", "code", "codes_postaux"]
    search_help_text = "Nom, avec ou sans accents, code INSEE ou code postal."

    @admin.display(description="située", boolean=True)
    def is_situee(self, commune):
        return commune.latitude is not None
