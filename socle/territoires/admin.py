"""Places in the desk, read-only: they come from the official code."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Case, Q, When

from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.texte import fold
from socle.territoires.models import Commune, Departement, Intercommunalite, Region


class ReferentielAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """A table that only `manage.py charger_referentiels` writes."""


class FoldedSearch:
    """Searches `nom_plie` with the folded term: accents do not matter."""

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


NATURES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
}


class NatureListFilter(CaseListFilter):
    title = "nature"
    parameter_name = "nature"
    cases = [(code, words, Q(nature=code)) for code, words in NATURES.items()]


@admin.register(Intercommunalite)
class IntercommunaliteAdmin(FoldedSearch, ReferentielAdmin):
    list_display = ["nom", "en_clair", "code"]
    list_filter = [NatureListFilter]
    fields = ["code", "nom", "en_clair"]
    search_fields = ["nom_plie", "code"]
    search_help_text = "Nom, avec ou sans accents, ou SIREN."

    @admin.display(description="nature", ordering="nature")
    def en_clair(self, row):
        return NATURES.get(row.nature, row.nature)


@admin.register(Commune)
class CommuneAdmin(FoldedSearch, ReferentielAdmin):
    list_display = ["nom", "code", "departement", "intercommunalite", "population", "is_situee"]
    list_filter = ["departement__region"]
    list_select_related = ["departement", "intercommunalite"]
    search_fields = ["nom_plie", "code", "codes_postaux"]
    search_help_text = "Nom, avec ou sans accents, code INSEE ou code postal."

    def get_search_results(self, request, queryset, search_term):
        """Completion of a form shows the exact name first, then names that begin so, the site's region first."""
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
