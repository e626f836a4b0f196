"""The desk's page for anomalies about persons, which have their own rights."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from fiches.acces import admin_url
from reprise.models import AnomalieExploration, AnomalieInscription, TypeAnomalie
from reprise.participants import take_theirs
from reprise.settling import ReglableAdmin, RegleListFilter, short


@admin.register(AnomalieInscription, AnomalieExploration)
class AnomalieParticipantAdmin(ReglableAdmin):
    """Anomalies about persons. They can be deleted, since they are erased with their person."""

    list_display = ["type", "lien", "ou", "extrait", "a_faire", "suite"]
    list_filter = [RegleListFilter, "type"]
    search_fields = ["champ", "texte"]
    search_help_text = "Champ ou texte."
    fields = ["type", "lien", "ou", "ligne", "texte", "creee_le", "suite", "regle"]
    decisions = {"garder": ("Garder le nôtre", "keep"), "prendre": ("Prendre l’ancien site", "take")}

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).select_related("participant", "reglee_par")

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "participant__id__exact" or super().lookup_allowed(lookup, value, request)

    def decidable(self):
        """What changed on both sides. Other anomalies are settled on the person's form."""
        both = self.model._default_manager.filter(type=TypeAnomalie.CHANGE_DES_DEUX_COTES)
        return both.select_related("participant")

    def subject(self, row):
        return row.participant

    def keep(self, request, anomalie):
        self.model.objects.filter(pk=anomalie.pk).settle(request.user)
        return "Notre texte reste tel quel. C’est réglé."

    def take(self, request, anomalie):
        participant = take_theirs(anomalie)
        self.model.objects.filter(pk=anomalie.pk).settle(request.user)
        self._log(request, participant, "Texte de l’ancien site repris.")
        return "Nous disons maintenant ce que dit l’ancien site. C’est réglé."

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def settled_at(self, anomalie) -> str:
        if anomalie.type == TypeAnomalie.CHANGE_DES_DEUX_COTES:
            return admin_url(anomalie, "change", anomalie.pk)
        if anomalie.type == TypeAnomalie.EVENEMENT_A_PRECISER:
            return f"{reverse('admin:inscriptions_inscription_changelist')}?evenement__isnull=True"
        field = "#id_courriel" if anomalie.type == TypeAnomalie.COURRIEL_INVALIDE else ""
        return f"{admin_url(anomalie.participant, 'change', anomalie.participant_id)}{field}"

    @admin.display(description="de")
    def lien(self, anomalie):
        address = admin_url(anomalie.participant, "change", anomalie.participant_id)
        return format_html('<a href="{}">{}</a>', address, anomalie.participant)

    @admin.display(description="champ", ordering="champ")
    def ou(self, anomalie):
        return short(anomalie.champ, 60)

    @admin.display(description="texte d’origine")
    def extrait(self, anomalie):
        return short(anomalie.texte, 120)
