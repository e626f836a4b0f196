"""The desk for registrations."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import CHANGE, LogEntry
from django.template.response import TemplateResponse

from fiches.catalogue.francais import pluriel
from fiches.suivi.admin import SETTLED
from participants.admin import AnomalieListFilter, AnomalieParticipantAdmin, ParticipantAdmin
from participants.evenements.models import Evenement
from participants.inscriptions.models import AnomalieInscription, Inscription
from participants.inscriptions.rattachement import assign, settle

SETTLED[AnomalieInscription] = ("reglee_le", "reglee_par")


class EvenementForm(forms.Form):
    evenement = forms.ModelChoiceField(
        Evenement.objects.none(),
        label="événement",
        error_messages={"required": "Choisissez un événement."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["evenement"].queryset = Evenement.objects.in_order()


@admin.register(Inscription)
class InscriptionAdmin(ParticipantAdmin):
    fieldsets = [
        (None, {"fields": ["evenement", "statut"]}),
        ("La personne", {"fields": ["prenom", "nom", "organisation", "courriel"]}),
        ("Sa venue", {"fields": ["journee_entiere", "commentaire", "consentement"]}),
        ("Origine", {"fields": ["cree_le", "origine", "a_regler"]}),
    ]
    autocomplete_fields = ["evenement"]
    list_display = ["nom", "prenom", "organisation", "courriel", "evenement", "journee_entiere", "statut"]
    list_display_links = ["nom", "prenom"]
    list_select_related = ["evenement"]
    list_filter = [("evenement", admin.RelatedOnlyFieldListFilter), "statut", "journee_entiere", AnomalieListFilter]
    actions = ["attach"]
    exported = ["commentaire", "consentement", "cree_le"]

    def lookup_allowed(self, lookup, value, request=None):
        # Django takes the key of an event, which is its entry, for one relation too many and refuses its own filter.
        return lookup == "evenement__entree__exact" or super().lookup_allowed(lookup, value, request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.evenement_id:
            settle(Inscription.objects.filter(pk=obj.pk), user=request.user)

    @admin.action(description="Rattacher à un événement…", permissions=["change"])
    def attach(self, request, queryset):
        form = EvenementForm(request.POST if "appliquer" in request.POST else None)
        if form.is_valid():
            return self._attach(request, queryset, form.cleaned_data["evenement"])
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": "Rattacher à un événement",
            "form": form,
            "nombre": queryset.count(),
            "deja": queryset.exclude(evenement=None).count(),
            "choisies": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "case": helpers.ACTION_CHECKBOX_NAME,
            "toutes": request.POST.get("select_across", "0"),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/inscriptions/rattachement.html", context)

    def _attach(self, request, queryset, evenement):
        rows = list(queryset)
        count = assign(queryset, evenement=evenement, user=request.user)
        if not count:
            self.message_user(request, "Rien à faire : ces inscriptions y étaient déjà rattachées.", messages.INFO)
            return
        LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message="Rattachée à un événement.")
        done = pluriel(count, "inscription rattachée", "inscriptions rattachées")
        self.message_user(request, f"{done} à « {evenement} ».", messages.SUCCESS)


@admin.register(AnomalieInscription)
class AnomalieInscriptionAdmin(AnomalieParticipantAdmin):
    pass
