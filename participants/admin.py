"""The desk for persons: their own rights, nothing of them in the admin's log but a number."""

from django.contrib import admin
from django.db import transaction
from django.db.models import Exists, OuterRef, TextField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from fiches.reprise import as_text
from fiches.suivi.admin import SETTLED, VIDE, ReglableAdmin, RegleListFilter, field_label, readable, settle, short
from participants.models import TypeAnomalie
from participants.reprise import take_text
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.widgets import TexteWidget
from socle.courrier import liens
from socle.francais.texte import fold
from socle.vie_privee import gestes


class AnomalieListFilter(CaseListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def cases_of(self, model):
        anomalies = model.anomalies.rel.related_model
        left = Exists(anomalies.objects.open().filter(participant=OuterRef("pk")))
        return [("anomalie", "anomalies à régler", left), ("rien", "rien à régler", ~left)]


class ParticipantAdmin(admin.ModelAdmin):
    """Persons: found without accents, erased one by one or by list."""

    list_per_page = 50
    search_fields = ["plie"]
    search_help_text = "Nom, organisation ou courriel, avec ou sans accents."
    formfield_overrides = {TextField: {"widget": TexteWidget}}
    readonly_fields = ["cree_le", "origine", "a_regler"]
    ordering = ["plie", "pk"]
    apart: tuple[str, ...] = ()  # fields of the form that a function of theirs saves
    efface = ""  # the gesture that a deletion is: a restored backup does it again

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request, obj, form, change):
        """Save what was changed and nothing else: the row may have moved on meanwhile. Links go with an old address."""
        if not change:
            obj.save()
            return
        fields = {field.name for field in self.opts.concrete_fields}.difference(self.apart)
        obj.save(update_fields=fields.intersection(form.changed_data))
        if "courriel" in form.changed_data:
            liens.revoquer(obj)

    @transaction.atomic
    def delete_model(self, request, obj):
        gestes.noter(self.efface, [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        gestes.noter(self.efface, queryset)
        super().delete_queryset(request, queryset)

    @admin.display(description="origine")
    def origine(self, row):
        lines = f"lignes {row.premiere_ligne} à {row.derniere_ligne}" if row.premiere_ligne else ""
        return ", ".join(filter(None, (row.source, lines))) or self.made_here(row)

    @staticmethod
    def made_here(row) -> str:
        """The public form keeps the text that its person agreed to; the desk has none."""
        return "formulaire du site" if row.consentement_le else "saisie ici"

    def get_actions(self, request):
        """A registration and a sheet are feminine: « les … sélectionnés », says Django."""
        actions = super().get_actions(request)
        if found := actions.get("delete_selected"):
            actions["delete_selected"] = (*found[:2], f"Supprimer les {self.opts.verbose_name_plural} sélectionnées")
        return actions

    @admin.display(description="anomalies de reprise")
    def a_regler(self, row):
        if not row.pk or not row.anomalies.exists():
            return "aucune"
        opts = row.anomalies.model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        link = '<a href="{}?participant__id__exact={}&amp;suite=toutes">voir les anomalies</a>'
        return format_html(link, address, row.pk)


class AnomalieParticipantAdmin(ReglableAdmin):
    """Anomalies about persons. Erasing a person erases theirs, hence the right to delete."""

    list_display = ["type", "lien", "ou", "extrait", "ligne", "suite"]
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
        return admin.ModelAdmin.get_queryset(self, request).select_related("participant", SETTLED[self.model][1])

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "participant__id__exact" or super().lookup_allowed(lookup, value, request)

    def decidable(self):
        """Conflicts. What else is odd is settled by hand, on the person's own form."""
        return self.model._default_manager.filter(type=TypeAnomalie.CONFLIT).select_related("participant")

    def subject(self, row):
        return row.participant

    def keep(self, request, anomalie):
        settle(self.model._default_manager.filter(pk=anomalie.pk), request.user)
        return "Notre texte reste. C’est réglé."

    def take(self, request, anomalie):
        participant = take_text(anomalie)
        settle(self.model._default_manager.filter(pk=anomalie.pk), request.user)
        self._log(request, participant, "Texte de l’ancien site repris.")
        return "Nous disons maintenant ce que dit l’ancien site. C’est réglé."

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description="de")
    def lien(self, anomalie):
        opts = anomalie.participant._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[anomalie.participant_id])
        return format_html('<a href="{}">{}</a>', address, anomalie.participant)

    @admin.display(description="champ", ordering="champ")
    def ou(self, anomalie):
        if anomalie.type == TypeAnomalie.CONFLIT:
            return field_label(type(anomalie.participant), anomalie.champ)
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
