"""The editors' desk for surveys."""

from django import forms
from django.contrib import admin

from fiches.admin import FicheAdmin
from fiches.enquetes.models import Enquete
from fiches.list_filters import ClassementListFilter


@admin.register(Enquete)
class EnqueteAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre"]}),
        (
            "La structure",
            {
                "fields": [
                    *("structure", "adresse", "commune", "departement"),
                    *(("latitude", "longitude"), "position_approchee"),
                ]
            },
        ),
        ("La démarche", {"fields": ["origine_demarche", "acteurs", "contexte"]}),
        (
            "La reconnaissance de la participation",
            {"fields": ["modes_reconnaissance", "types_organisation", "echelle", "niveau"]},
        ),
        (
            "L’indemnisation",
            {"fields": ["indemnise_quoi", "indemnise_qui", "forme", "bareme", "delai_montants", "arguments"]},
        ),
        ("Le bilan", {"fields": ["processus", "freins", "leviers", "suggestions", "satisfaction"]}),
    ]
    autocomplete_fields = ["commune"]
    list_display = ["titre", "structure_nom", "departement", "niveau_vise", "liste_themes", "statut", "modifiee_le"]
    list_select_related = ["departement", "niveau"]
    list_filter = [
        "statut",
        ("modes_reconnaissance", admin.RelatedOnlyFieldListFilter),
        ("niveau", admin.RelatedOnlyFieldListFilter),
        ClassementListFilter,
    ]
    search_fields = ["titre", "structure", "adresse"]

    # The questions of the form are too long to head a column.

    @admin.display(description="structure", ordering="structure")
    def structure_nom(self, enquete):
        return enquete.structure

    @admin.display(description="niveau", ordering="niveau__ordre")
    def niveau_vise(self, enquete):
        return enquete.niveau

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in ("modes_reconnaissance", "types_organisation"):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)
