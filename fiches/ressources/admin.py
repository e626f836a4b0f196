"""The editors' desk for resources."""

from django import forms
from django.contrib import admin

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.ressources.models import Ressource
from fiches.suivi.concurrence import FicheForm
from socle.medias import fichiers as medias


class RessourceForm(FicheForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "fichier" in self.fields:  # not for those who may only look
            medias.DOCUMENT.limit(self.fields["fichier"])
            self.fields["source"].widget.attrs["rows"] = 2


@admin.register(Ressource)
class RessourceAdmin(FicheAdmin):
    form = RessourceForm
    champs = [
        (None, {"fields": ["titre", "source", "types", "thematiques"]}),
        ("Où elle se trouve", {"fields": ["lien", "fichier", "nom_origine"]}),
    ]
    list_display = ["titre", "source", "liste_types", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", ("types", admin.RelatedOnlyFieldListFilter), ClassementListFilter]
    search_fields = ["titre", "source"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in ("types", "thematiques"):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def for_list(self, queryset):
        return super().for_list(queryset).prefetch_related("types")

    @admin.display(description="type")
    def liste_types(self, ressource):
        return ", ".join(choix.nom for choix in ressource.types.all()) or "aucun"
