"""Places in the admin: to look up. They come from the official code, so nobody adds, edits or deletes them here."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Case, When

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

    def get_search_results(self, request, queryset, search_term):
        """In the completion of a form: that very name, then names that begin so, those of the site's region first."""
        rows, duplicates = super().get_search_results(request, queryset, search_term)
        if not request.path.endswith("/autocomplete/"):
            return rows, duplicates
        typed = fold(search_term).strip()
        rank = Case(When(nom_plie=typed, then=0), When(nom_plie__startswith=typed, then=1), default=2)
        here = Case(When(departement__region=settings.REGION, then=0), default=1)
        return rows.order_by(rank, here, "nom_plie", "code"), duplicates

    @admin.display(description="située", boolean=True)
    def is_situee(self, commune):
        return commune.latitude is not None
