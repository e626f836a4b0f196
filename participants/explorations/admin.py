"""The desk for the sheets of the exploration: which wait for the staff, which are public."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fiches.acces import TextesPublicsAdmin
from fiches.desk_base import action_page
from participants.admin import ParticipantAdmin
from participants.explorations import parcours
from participants.explorations.models import Exploration
from socle.bureau.list_filters import CaseListFilter
from socle.courrier.refus import TropTard
from socle.francais.wording import moment, pluriel
from socle.vie_privee.forms import TextesPublicsForm
from socle.vie_privee.questions import answered, undecided

S = Exploration.Statut


class RelectureListFilter(CaseListFilter):
    title = "suite"
    parameter_name = "suite"
    cases = [
        ("ouverte", "à relire", lambda rows: rows.a_relire()),
        ("publique", "publiées sur le site", lambda rows: rows.publiques()),
    ]


class ExplorationAdminForm(TextesPublicsForm):
    """Refuses a save if the person changed their sheet meanwhile: what they removed would come back."""

    signe_lu = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["signe_lu"] = self.instance.signe_le.isoformat() if self.instance.signe_le else ""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("signe_lu") != self.initial["signe_lu"]:
            raise forms.ValidationError(
                "La personne a changé sa fiche pendant que vous y travailliez. Rien n’a été enregistré : ouvrez la "
                "fiche de nouveau, puis refaites vos corrections."
            )
        return cleaned


@admin.register(Exploration)
class ExplorationAdmin(TextesPublicsAdmin, ParticipantAdmin):
    explication = "Qui veut participer, et ce que chaque personne apporte."
    efface = parcours.EFFACEE
    form = ExplorationAdminForm
    apart = ("accord_publication",)
    fieldsets = [
        (None, {"fields": ["etat", "signe_lu"]}),
        ("La personne", {"fields": ["nom", "fonctions", "structure", "provenance", "courriel", "accord_publication"]}),
        ("Ce qu’elle apporte et cherche", {"fields": ["profils", "sujets", "expertises", "commentaire"]}),
        ("Suivi", {"fields": ["accord", "signe_le"]}),
        ("Origine", {"fields": ["cree_le", "origine"]}),
    ]
    readonly_fields = [*ParticipantAdmin.readonly_fields, "etat", "accord", "signe_le"]
    list_display = ["nom", "fonctions", "structure", "provenance", "etat"]
    list_filter = [
        RelectureListFilter,
        "statut",
        ("profils", admin.RelatedOnlyFieldListFilter),
        "accord_publication",
    ]
    actions = ["publish", "withdraw", "accept"]
    change_form_template = "admin/fiches/actions_change_form.html"
    exported = ["courriel", "profils", "sujets", "expertises", "commentaire", "accord_publication", "cree_le"]

    def get_readonly_fields(self, request, obj=None):
        """A person with a page of their own decides only there whether the sheet is shown."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "accord_publication"] if obj and obj.signe_le else fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "accord_publication" in form.changed_data:
            parcours.note_consent(obj, obj.accord_publication)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["decisions"] = _offered(obj)
            context["empeche"] = parcours.why_hidden(obj)
            context["avis"] = "Enregistrez d’abord vos corrections : elles seraient perdues."
        return super().render_change_form(request, context, add, change, form_url, obj)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "profils":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="état")
    def etat(self, row):
        """The state in words, with a link to the public page."""
        if not row.pk:
            return "nouvelle"
        if row.is_publique:
            return format_html('<a href="{}">publiée, voir</a>', reverse("explorations:fiche", args=[row.pk]))
        if row.statut == S.A_VERIFIER:
            return f"à vérifier : {row.doute}"
        if row.statut == S.A_CONFIRMER:
            return "adresse à confirmer par la personne"
        return "à relire avant publication" if row.accord_publication else "réservée à l’équipe"

    @admin.display(description="accord")
    def accord(self, row):
        proofs = [("garder ses réponses", row.consentement_le, row.consentement_texte)]
        proofs.append(("publier sa fiche", row.accord_le, row.accord_texte))
        given = [f"{what} : le {moment(when)}, texte {version}" for what, when, version in proofs if when]
        return " ; ".join(given) or "aucune trace d’un accord donné ici"

    @admin.action(description="Publier sur le site…", permissions=["change"])
    def publish(self, request, queryset):
        def act(row):
            mots = answered(parcours.private_words(row), request.POST)
            return parcours.publish(row, vue_le=_seen(request), prives=mots, par=request.user.get_username())

        return self._page(request, queryset, "publish", act, "fiche publiée|fiches publiées")

    @admin.action(description="Retirer du site, ou ne pas publier…", permissions=["change"])
    def withdraw(self, request, queryset):
        act = partial(parcours.withdraw, par_equipe=True)
        return self._page(request, queryset, "withdraw", act, "fiche retirée|fiches retirées")

    @admin.action(description="Accepter un envoi à vérifier…", permissions=["change"])
    def accept(self, request, queryset):
        return self._page(request, queryset, "accept", parcours.accept, "envoi accepté|envois acceptés")

    def _page(self, request, queryset, action, act, words):
        """Page that says what will be done with which sheets, then does it and says why some were left."""
        publishing, changing = action == "publish", [row.pk for row in queryset if action in dict(_offered(row))]
        shown = [row for row in queryset if row.pk in changing] if publishing else []
        asked = [(row, answered(parcours.private_words(row), request.POST)) for row in shown]
        undone = any(undecided(mots) for _, mots in asked)
        if "appliquer" in request.POST and not undone:
            return self._act(request, queryset, act, words)
        self.note(request, "liste", queryset.count())
        title = self.get_action(action)[2].removesuffix("…")
        hidden = [(row, why) for row in queryset if (why := parcours.why_hidden(row))] if publishing else []
        told = {*changing, *(row.pk for row, _ in hidden)}
        context = {
            "title": title,
            "explorations": queryset.filter(pk__in=changing).prefetch_related("profils"),
            "cachees": hidden,
            "restent": queryset.exclude(pk__in=told),
            "vue_le": timezone.now().isoformat(),
        }
        context |= {"prives": [(row, mots) for row, mots in asked if mots], "sans_reponse": "appliquer" in request.POST}
        return action_page(self, request, queryset, "admin/explorations/action.html", context)

    def _act(self, request, queryset, act, words):
        done, left = [], Counter()
        for row in queryset:
            try:
                if act(row):
                    done.append(row)
                else:
                    left["Il n’y avait rien à changer."] += 1
            except TropTard as refus:
                left[str(refus)] += 1
        if done:
            LogEntry.objects.log_actions(request.user.pk, done, CHANGE, change_message=f"{words.partition('|')[0]}.")
            self.message_user(request, f"{pluriel(len(done), *words.split('|'))}.", messages.SUCCESS)
        for why, count in left.items():
            said = pluriel(count, "fiche laissée comme elle est", "fiches laissées comme elles sont")
            self.message_user(request, f"{said}. {why}", messages.WARNING)


def _offered(row: Exploration) -> list[tuple[str, str]]:
    """(action, words) that would change this sheet."""
    if row.statut == S.A_VERIFIER:
        return [("accept", "Accepter l’envoi…")]
    if row.statut != S.PARTICIPE or not row.accord_publication:
        return []
    if row.relue_le:
        return [("withdraw", "Retirer du site…")]
    return [("publish", "Publier sur le site…"), ("withdraw", "Ne pas publier…")]


def _seen(request) -> datetime:
    """When the page with the sheets was made; the earliest date if unknown."""
    try:
        return datetime.fromisoformat(request.POST["vue_le"]).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
