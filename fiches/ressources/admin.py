"""The desk of resources."""

from django.contrib import admin

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.ressources.models import Ressource
from fiches.suivi.concurrence import FicheForm


class RessourceForm(FicheForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "source" in self.fields:  # absent for read-only users
            self.fields["source"].widget.attrs["rows"] = 2


@admin.register(Ressource)
class RessourceAdmin(FicheAdmin):
    form = RessourceForm
    champs = [
        (None, {"fields": ["titre", "source", "types", "thematiques"]}),
        ("Où elle se trouve", {"fields": ["lien", "fichier", "nom_origine"]}),
    ]
    cochees = [*FicheAdmin.cochees, "types", "thematiques"]
    list_display = ["titre", "source", "liste_types", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", ("types", admin.RelatedOnlyFieldListFilter), ClassementListFilter]
    search_fields = ["titre", "source"]

    def for_list(self, queryset):
        return super().for_list(queryset).prefetch_related("types")

    @admin.display(description="type")
    def liste_types(self, ressource):
        return ", ".join(choix.nom for choix in ressource.types.all()) or "aucun"
