"""The desk for the sheets of the exploration."""

from django import forms
from django.contrib import admin

from fiches.suivi.admin import SETTLED
from participants.admin import AnomalieListFilter, AnomalieParticipantAdmin, ParticipantAdmin
from participants.explorations.models import AnomalieExploration, Exploration

SETTLED[AnomalieExploration] = ("reglee_le", "reglee_par")


@admin.register(Exploration)
class ExplorationAdmin(ParticipantAdmin):
    fieldsets = [
        ("La personne", {"fields": ["nom", "fonctions", "structure", "provenance", "courriel", "accord_publication"]}),
        ("Ce qu’elle apporte et cherche", {"fields": ["profils", "sujets", "expertises", "commentaire"]}),
        ("Origine", {"fields": ["cree_le", "origine", "a_regler"]}),
    ]
    list_display = ["nom", "fonctions", "structure", "provenance", "accord_publication"]
    list_filter = [("profils", admin.RelatedOnlyFieldListFilter), "accord_publication", AnomalieListFilter]

    exported = ["courriel", "profils", "sujets", "expertises", "commentaire", "cree_le"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "profils":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(AnomalieExploration)
class AnomalieExplorationAdmin(AnomalieParticipantAdmin):
    pass
