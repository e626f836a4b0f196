"""The desk for registrations: all of them in one list. The pages for one event are in desk_views.py."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from fiches.desk_base import action_page
from participants.admin import ParticipantAdmin
from participants.inscriptions import places
from participants.inscriptions.desk_base import address
from participants.inscriptions.desk_forms import ChoisirEvenementForm
from participants.inscriptions.desk_views import Bureau
from participants.inscriptions.erasure import EFFACEE
from participants.inscriptions.models import Inscription
from socle.bureau.list_filters import StateListFilter
from socle.francais.wording import pluriel


class InscriptionEtatListFilter(StateListFilter):
    attend = Inscription.Statut.A_VERIFIER
    champ = "statut"


@admin.register(Inscription)
class InscriptionAdmin(ParticipantAdmin):
    explication = "Qui vient aux événements."
    efface = EFFACEE
    fieldsets = [
        (None, {"fields": ["evenement", "statut", "manage"]}),
        ("La personne", {"fields": ["prenom", "nom", "organisation", "courriel"]}),
        ("Sa venue", {"fields": ["journee_entiere", "besoin", "commentaire", "reponses"]}),
        ("Suivi", {"fields": ["consentement", "accord", "courriels_envoyes"]}),
        ("Origine", {"fields": ["cree_le", "origine"]}),
    ]
    autocomplete_fields = ["evenement"]
    readonly_fields = [
        *ParticipantAdmin.readonly_fields,
        "statut",
        "manage",
        "besoin",
        "reponses",
        "courriels_envoyes",
        "accord",
    ]
    list_display = ["nom", "prenom", "statut", "evenement", "organisation", "courriel"]
    list_display_links = ["nom", "prenom"]
    list_select_related = ["evenement"]
    list_filter = [
        ("evenement", admin.RelatedOnlyFieldListFilter),
        InscriptionEtatListFilter,
        "journee_entiere",
    ]
    actions = ["attach"]
    exported = ["journee_entiere", "commentaire", "consentement", "cree_le"]
    apart = ("evenement",)

    def lookup_allowed(self, lookup, value, request=None):
        # Without this Django refuses its own filter: it takes the key of an event, which is its entry, for one relation
        # too many.
        return lookup == "evenement__entree__exact" or super().lookup_allowed(lookup, value, request)

    def get_urls(self):
        return [*Bureau(self).urls(), *super().get_urls()]

    def in_common(self, row):
        return row.evenement

    def save_model(self, request, obj, form, change):
        """`places.attach`, which counts seats, gives or changes the event."""
        evenement = obj.evenement if "evenement" in form.changed_data else None
        if not change:
            obj.evenement = None
        super().save_model(request, obj, form, change)
        if evenement:
            places.attach(evenement, [obj.pk], deplace=True, user=request.user)
        obj.refresh_from_db(fields=["evenement"])
        if evenement and obj.evenement_id != evenement.pk:
            text = "Cette adresse a déjà une inscription à cet événement : celle-ci n’y a pas été rattachée."
            self.message_user(request, text, messages.WARNING)

    def erase(self, rows):
        places.erase(rows)

    @admin.display(description="pour changer cet état")
    def manage(self, row):
        if not row.evenement_id:
            return "rattachez d’abord l’inscription à un événement"
        page = '<a href="{}#i{}">Accepter, refuser, annuler : la page des inscriptions</a>'
        return format_html(page, address("liste", row.evenement), row.pk)

    @admin.display(description="besoin pour participer")
    def besoin(self, row):
        besoin = getattr(row, "besoin", None)
        return besoin.texte if besoin else "aucun, ou déjà effacé"

    @admin.display(description="réponses à vos questions")
    def reponses(self, row):
        answers = row.reponses.all() if row.pk else []
        return format_html_join(mark_safe("<br>"), "{} {}", ((r.libelle, r.texte) for r in answers)) or "aucune"

    @admin.action(description="Rattacher à un événement…", permissions=["change"])
    def attach(self, request, queryset):
        form = ChoisirEvenementForm(request.POST if "appliquer" in request.POST else None)
        if form.is_valid():
            return self._attach(request, queryset, form.cleaned_data["evenement"])
        context = {
            "title": "Rattacher à un événement",
            "form": form,
            "deja": queryset.exclude(evenement=None).count(),
        }
        return action_page(self, request, queryset, "admin/inscriptions/rattachement.html", context)

    def _attach(self, request, queryset, evenement):
        pks = list(queryset.values_list("pk", flat=True))
        tied = places.attach(evenement, pks, deplace=True, user=request.user)
        if tied:
            logged = Inscription.objects.filter(pk__in=tied)
            LogEntry.objects.log_actions(request.user.pk, logged, CHANGE, change_message="Rattachée à un événement.")
            done = pluriel(len(tied), "inscription rattachée", "inscriptions rattachées")
            self.message_user(request, f"{done} à « {evenement} ».", messages.SUCCESS)
        if left := len(pks) - len(tied):
            one, several = "inscription laissée, déjà rattachée", "inscriptions laissées, déjà rattachées"
            said = f"{pluriel(left, one, several)} ou d’une adresse déjà inscrite à cet événement."
            self.message_user(request, said, messages.WARNING)
