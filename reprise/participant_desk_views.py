"""What the takeover was not sure of about persons: at the desk, with rights of its own."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from fiches.acces import admin_url
from fiches.textes import as_text
from reprise.conflict_desk_views import readable
from reprise.models import AnomalieExploration, AnomalieInscription, TypeAnomalie
from reprise.participants import take_text
from reprise.resolution import label_of
from reprise.settling import VIDE, ReglableAdmin, RegleListFilter, short


@admin.register(AnomalieInscription, AnomalieExploration)
class AnomalieParticipantAdmin(ReglableAdmin):
    """Anomalies about persons. Erasing a person erases theirs, hence the right to delete."""

    list_display = ["type", "lien", "ou", "extrait", "a_faire", "suite"]
    list_filter = [RegleListFilter, "type"]
    search_fields = ["champ", "texte"]
    search_help_text = "Champ ou texte."
    fields = ["type", "lien", "ou", "ligne", "texte", "creee_le", "suite", "regle"]
    decisions = {"garder": ("Garder le nôtre", "keep"), "prendre": ("Prendre l’ancien site", "take")}

    def get_fields(self, request, obj=None):
        if obj and obj.type == TypeAnomalie.CONFLIT:
            return ["type", "lien", "ou", "ici", "ancien_site", "creee_le", "suite", "regle"]
        return self.fields

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request).select_related("participant", self.model.SUITE[1])

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "participant__id__exact" or super().lookup_allowed(lookup, value, request)

    def decidable(self):
        """Conflicts. What else is odd is settled by hand, on the person's own form."""
        return self.model._default_manager.filter(type=TypeAnomalie.CONFLIT).select_related("participant")

    def subject(self, row):
        return row.participant

    def keep(self, request, anomalie):
        self.model.objects.filter(pk=anomalie.pk).settle(request.user)
        return "Notre texte reste. C’est réglé."

    def take(self, request, anomalie):
        participant = take_text(anomalie)
        self.model.objects.filter(pk=anomalie.pk).settle(request.user)
        self._log(request, participant, "Texte de l’ancien site repris.")
        return "Nous disons maintenant ce que dit l’ancien site. C’est réglé."

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def settled_at(self, anomalie) -> str:
        if anomalie.type == TypeAnomalie.CONFLIT:
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
        if anomalie.type == TypeAnomalie.CONFLIT:
            return label_of(type(anomalie.participant), anomalie.champ)
        return short(anomalie.champ, 60)

    @admin.display(description="texte d’origine")
    def extrait(self, anomalie):
        if anomalie.type == TypeAnomalie.CONFLIT:
            ici, ancien_site = (Truncator(text(anomalie)).chars(100) for text in (self.ici, self.ancien_site))
            return short(f"ici : {ici}\nancien site : {ancien_site}", 240)
        return short(anomalie.texte, 120)

    @admin.display(description="notre texte")
    def ici(self, anomalie):
        """What stands there now: it is what stays, or is replaced."""
        person, champ = anomalie.participant, anomalie.champ
        return readable(type(person), champ, as_text(getattr(person, champ, ""))) or VIDE

    @admin.display(description="texte de l’ancien site")
    def ancien_site(self, anomalie):
        return readable(type(anomalie.participant), anomalie.champ, anomalie.texte) or VIDE
