"""The desk of surveys."""

from django.contrib import admin
from django.utils.text import capfirst

from fiches.admin import FicheAdmin
from fiches.enquetes.forms import IndemnitesField
from fiches.enquetes.models import Enquete, MontantDEnquete
from fiches.list_filters import ClassementListFilter

AIDE = (
    "Une ligne par montant que disent les réponses : les filtres et les tris s’en servent, les listes et la fiche le "
    "montrent. Une personne n’y est jamais nommée."
)


@admin.register(Enquete)
class EnqueteAdmin(FicheAdmin):
    champs = [
        (None, {"fields": ["titre"]}),
        ("Les montants", {"fields": ["indemnites"]}),
        (
            "La structure",
            {
                "fields": [
                    "structure",
                    "adresse",
                    "commune",
                    "departement",
                    ("latitude", "longitude"),
                    "position_approchee",
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
    cochees = [*FicheAdmin.cochees, "modes_reconnaissance", "types_organisation"]
    list_display = ["titre", "structure_nom", "departement", "niveau_vise", "liste_themes", "statut", "modifiee_le"]
    list_select_related = ["departement", "niveau"]
    list_filter = [
        "statut",
        ("modes_reconnaissance", admin.RelatedOnlyFieldListFilter),
        ("niveau", admin.RelatedOnlyFieldListFilter),
        ClassementListFilter,
    ]
    search_fields = ["titre", "structure", "adresse"]

    # The questions are too long for column titles.

    @admin.display(description="structure", ordering="structure")
    def structure_nom(self, enquete):
        return enquete.structure

    @admin.display(description="niveau", ordering="niveau__ordre")
    def niveau_vise(self, enquete):
        return enquete.niveau

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "indemnites":
            return IndemnitesField(label=capfirst(db_field.verbose_name), help_text=AIDE, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_deleted_objects(self, objs, request):
        deleted, counts, perms, protected = super().get_deleted_objects(objs, request)
        counts.pop(MontantDEnquete._meta.verbose_name_plural, None)
        return deleted, counts, perms, protected
