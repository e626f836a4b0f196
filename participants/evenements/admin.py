"""The desk for events."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.suivi.concurrence import FicheForm
from fiches.suivi.lignes import LignesFormSet
from participants.evenements.filters import when
from participants.evenements.models import Evenement, Question
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.widgets import TexteWidget
from socle.francais.wording import pluriel
from socle.vie_privee.forms import TextesPublicsForm


class QuandListFilter(CaseListFilter):
    title = "date"
    parameter_name = "quand"

    def cases_of(self, model):
        return [*when(), ("sans", "sans date", Q(debut__isnull=True))]


class EvenementForm(FicheForm):
    class Meta:
        labels = {"adresse": "Adresse du lieu", "slug": "Adresse de la page"}

    def clean_capacite(self):
        """Refuses fewer than the seats taken. The page has locked the event."""
        capacite = self.cleaned_data["capacite"]
        if self.instance.pk and "capacite" in self.changed_data and capacite is not None:
            held = self.instance.inscriptions.in_seats().count()
            if capacite < held:
                raise ValidationError(
                    f"{pluriel(held, 'place est prise', 'places sont prises')} ou proposées : "
                    "annulez d’abord des inscriptions, ou gardez-en autant.",
                    code="prises",
                )
        return capacite


class QuestionInline(admin.TabularInline):
    model = Question
    saisie_gardee = True
    form = TextesPublicsForm
    formset = LignesFormSet
    fields = ["libelle", "genre", "choix", "obligatoire", "ordre"]
    extra = 1
    max_num = Question.MAX
    ajouter = "Ajouter une question"
    formfield_overrides = {models.TextField: {"widget": TexteWidget(attrs={"rows": 3})}}
    verbose_name_plural = "vos questions aux personnes qui s’inscrivent (cinq au plus)"


def _registrations(evenement) -> str:
    return reverse("admin:inscriptions_evenement_liste", args=[evenement.pk])


@admin.register(Evenement)
class EvenementAdmin(FicheAdmin):
    form = EvenementForm
    delete_confirmation_template = "admin/evenements/evenement/delete_confirmation.html"
    inlines = [*FicheAdmin.inlines, QuestionInline]
    champs = [
        (None, {"fields": ["titre", "resume", "programme", "suites"]}),
        ("Quand, où", {"fields": ["debut", "fin", "heure_connue", "lieu", "adresse", "commune", "departement"]}),
        ("Les inscriptions", {"fields": ["capacite", "ouverture", "cloture", "lien_externe", "entree_libre"]}),
    ]
    readonly_fields = [*FicheAdmin.readonly_fields, "personnes"]
    list_display = ["titre", "date", "lieu", "liste_themes", "statut", "modifiee_le"]
    list_filter = [
        "statut",
        QuandListFilter,
        ("departement", admin.RelatedOnlyFieldListFilter),
        ClassementListFilter,
    ]
    search_fields = ["titre", "lieu", "adresse"]
    autocomplete_fields = ["commune"]

    @admin.display(description="date", ordering="debut")
    def date(self, evenement):
        if evenement.debut is None:
            return "sans date"
        local = timezone.localtime(evenement.debut)
        day = f"{local:%d/%m/%Y %H:%M}" if evenement.heure_connue else f"{local:%d/%m/%Y}"
        return f"{day}, annulé" if evenement.is_annule else day

    def get_list_display(self, request):
        """Adds the column of registrations, for users who may see them."""
        columns = super().get_list_display(request)
        return [*columns[:3], "inscriptions", *columns[3:]] if self._may_see_registrants(request) else columns

    def for_list(self, queryset):
        rows = Evenement.inscriptions.rel.related_model.objects.in_seats().filter(evenement=OuterRef("pk"))
        count = rows.order_by().values("evenement").annotate(nombre=Count("pk")).values("nombre")
        return super().for_list(queryset).annotate(prises=Coalesce(Subquery(count), 0))

    @admin.display(description="inscriptions")
    def inscriptions(self, evenement):
        text = f"{evenement.prises} sur {evenement.capacite}" if evenement.capacite else str(evenement.prises)
        noun = "places prises" if max(evenement.prises, evenement.capacite or 0) > 1 else "place prise"
        link = '<a href="{}">{}<span class="visually-hidden"> {}, {}</span></a>'
        return format_html(link, _registrations(evenement), text, noun, evenement)

    @staticmethod
    def _may_see_registrants(request):
        return request.user.has_perm("inscriptions.view_inscription")

    def get_fieldsets(self, request, obj=None):
        """Adds the link to registrations, for users who may see them."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self._may_see_registrants(request):
            return fieldsets
        title, options = fieldsets[2]
        return [*fieldsets[:2], (title, options | {"fields": ["personnes", *options["fields"]]}), *fieldsets[3:]]

    @admin.display(description="personnes")
    def personnes(self, evenement):
        count = pluriel(evenement.inscriptions.in_seats().count(), "place prise", "places prises")
        return format_html('<a href="{}">Voir les inscriptions</a> ({})', _registrations(evenement), count)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        evenement = form.instance
        if gone := evenement.presences_retirees:
            told = pluriel(gone, "présence ou absence était cochée", "présences ou absences étaient cochées")
            text = f"{told} : à cette nouvelle date, l’événement n’a pas encore eu lieu. Les coches sont retirées."
            self.message_user(request, text, messages.WARNING)
        told = evenement.sequence > evenement.sequence_annoncee and not evenement.is_passe
        may = request.user.has_perm("inscriptions.change_inscription")
        moved = {*form.changed_data} & {*Evenement.au_calendrier}
        count = evenement.inscriptions.expected().count() if change and may and told and moved else 0
        if count:
            text = '{} ne {} pas ce changement. <a href="{}">Prévenir</a>'
            people = pluriel(count, "personne inscrite", "personnes inscrites")
            page = reverse("admin:inscriptions_evenement_prevenir", args=[evenement.pk])
            verb = "sait" if count < 2 else "savent"
            self.message_user(request, format_html(text, people, verb, page), messages.WARNING)

    def get_deleted_objects(self, objs, request):
        """Says how many registrations keep the event, with a link."""
        deleted, counts, perms, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, perms, [self._protecting(evenement) for evenement in objs] if protected else []

    @staticmethod
    def _protecting(evenement):
        address = reverse("admin:inscriptions_inscription_changelist")
        count = pluriel(evenement.inscriptions.count(), "inscription", "inscriptions")
        return format_html('<a href="{}?evenement__entree__exact={}">{}</a>', address, evenement.pk, count)
