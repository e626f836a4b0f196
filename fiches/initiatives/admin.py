"""The desk of initiatives."""

from django.contrib import admin

from fiches.admin import FicheAdmin
from fiches.initiatives.models import Initiative
from fiches.list_filters import ClassementListFilter


@admin.register(Initiative)
class InitiativeAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre", "acteur", "type_acteur", "autre_acteur", "echelle", "mots_cles"]}),
        ("L’initiative", {"fields": ["description", "enjeux", "convictions", "methodologie", "realisations"]}),
        (
            "Où, avec qui",
            {"fields": ["ville", "departement", "commune", "lien", "partenaires", "pour_aller_plus_loin"]},
        ),
    ]
    autocomplete_fields = ["commune"]
    list_display = ["titre", "acteur", "echelle", "ville", "liste_themes", "statut", "modifiee_le"]
    list_select_related = ["echelle"]
    list_filter = ["statut", ("echelle", admin.RelatedOnlyFieldListFilter), ClassementListFilter]
    search_fields = ["titre", "acteur", "ville"]
