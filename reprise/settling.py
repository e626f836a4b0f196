"""What the desk's lists and forms share for rows that the takeover writes and a person settles."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator

from fiches.acces import admin_url, change_url, changeable, visible_types
from fiches.indexation import together
from reprise.resolution import DecisionRefusee, ecarts, what_is_shown
from socle.annuaire.models import Entree, Statut
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.francais.valeurs import Illisible
from socle.francais.wording import pluriel


def decisions(row) -> list[tuple[str, str]]:
    """[(address, text of the button)] for each decision open on a row."""
    model_admin = admin.site.get_model_admin(type(row))
    return [(admin_url(row, key, row.pk), model_admin.decisions[key][0]) for key in model_admin.offered(row)]


def changeable_entries(site, request) -> models.QuerySet:
    types = [one.cle for one, model_admin in visible_types(site, request) if model_admin.has_change_permission(request)]
    return changeable(request.user, Entree.objects.filter(type__in=types))


def short(texte: str, length: int) -> str:
    """Keeps the columns of a list narrow."""
    return format_html('<span class="texte">{}</span>', Truncator(texte).chars(length)) if texte else ""


def link_to(entree: Entree | None) -> str:
    """A link to a record's form; « aucune » without a record."""
    return format_html('<a href="{}">{}</a>', change_url(entree), entree) if entree else "aucune"


class RegleListFilter(CaseListFilter):
    """Shows what is left to settle, unless another case is asked for."""

    title = "suite donnée"
    parameter_name = "suite"

    cases = [
        ("reglee", "déjà réglé", lambda rows: rows.exclude(pk__in=rows.open().values("pk"))),
        ("toutes", "tout", lambda rows: rows),
    ]

    @property
    def is_asked(self) -> bool:
        return self.value() in {value for value, _, _ in self.cases}

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield first | {"selected": not self.is_asked, "display": "à régler"}
        yield from others

    def queryset(self, request, queryset):
        return super().queryset(request, queryset) if self.is_asked else queryset.open()


class ReglableForm(forms.ModelForm):
    regle = forms.BooleanField(label="réglé", required=False, help_text="Décochez pour l’ouvrir de nouveau.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["regle"] = bool(self.instance.reglee_le)


class ReglableAdmin(KeptRowsAdmin, admin.ModelAdmin):
    """Rows that the takeover writes and a person settles; nobody edits or deletes them.

    The next takeover would bring a deleted row back, open.
    """

    form = ReglableForm
    actions = ["mark_settled"]
    list_filter = [RegleListFilter]
    list_per_page = 50
    search_help_text = "Titre de la fiche, champ ou texte."
    change_form_template = "admin/reprise/reglable_change_form.html"

    # Decisions that change the record at once: {end of the address: (text of the button, method)}.
    decisions: dict[str, tuple[str, str]] = {}

    def get_ordering(self, request):
        return [F("reglee_le").asc(nulls_first=True), "-pk"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("entree", "reglee_par")
        return rows.exclude(entree__statut=Statut.CORBEILLE)

    def get_readonly_fields(self, request, obj=None):
        return [field for field in self.get_fields(request, obj) if field != "regle"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.decision_view)
        return [
            *(path(f"<int:pk>/{key}/", view, {"decision": key}, name=f"{name}_{key}") for key in self.decisions),
            *super().get_urls(),
        ]

    def decidable(self):
        """The rows that `decisions` may be about."""
        raise NotImplementedError

    def offered(self, row) -> list[str]:
        return list(self.decisions)

    def subject(self, row):
        raise NotImplementedError

    def may_decide(self, request, row) -> bool:
        if row.reglee_le or not self.decidable().filter(pk=row.pk).exists():
            return False
        return self._may_change(request, self.subject(row))

    def _may_change(self, request, subject) -> bool:
        return self.admin_site.get_model_admin(type(subject)).has_change_permission(request, subject)

    def decision_view(self, request, pk, decision):
        """Carries out one of `decisions`, unless the row is settled."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with together():
            row = self._locked(pk)
            subject = self.subject(row)
            if not self._may_change(request, subject):
                raise PermissionDenied
            if decision not in self.offered(row):
                raise Http404("Cette décision n’est pas de celles que cette ligne propose.")
            message, level = self._decide(request, row, decision)
        self.message_user(request, message, level)
        shown = subject if request.POST.get("retour") == "fiche" else row
        return redirect(admin_url(shown, "change", shown.pk))

    def _locked(self, pk):
        """Locks the row after its record, as a takeover does."""
        row = self.decidable().filter(pk=pk).first()
        if row is None:
            raise Http404("Cette ligne n’existe pas.")
        subject = self.subject(row)
        if subject != row:
            type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        return self.decidable().select_for_update(of=("self",)).get(pk=pk)

    def _decide(self, request, row, decision) -> tuple[str, int]:
        if row.reglee_le:
            return "C’était déjà réglé.", messages.INFO
        if row.valeurs and request.POST.get("vu") != what_is_shown(self.subject(row), row.valeurs):
            return "Rien n’a été changé : l’un des deux textes a changé entre-temps. Relisez.", messages.ERROR
        try:
            return getattr(self, self.decisions[decision][1])(request, row), messages.SUCCESS
        except (Illisible, DecisionRefusee) as error:
            return f"Rien n’a été changé : {str(error).rstrip('.')}.", messages.ERROR

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.may_decide(request, obj):
            context["decisions"] = decisions(obj)
            if obj.valeurs:
                row = self.subject(obj)
                context |= {"ecarts": ecarts(row, obj.valeurs), "vu": what_is_shown(row, obj.valeurs)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        if "regle" in form.changed_data:
            settled = form.cleaned_data["regle"]
            obj.reglee_le, obj.reglee_par = (timezone.now(), request.user) if settled else (None, None)
            obj.save(update_fields=["reglee_le", "reglee_par"])

    def _log(self, request, subject, message):
        self.admin_site.get_model_admin(type(subject)).log_change(request, subject, message)

    @admin.action(description="Marquer comme réglé", permissions=["change"])
    def mark_settled(self, request, queryset):
        # An update cannot keep the list's order and joins.
        count = self.model.objects.filter(pk__in=queryset.order_by().values("pk")).settle(request.user)
        if count:
            self.message_user(request, pluriel(count, "ligne réglée", "lignes réglées") + ".", messages.SUCCESS)
        else:
            self.message_user(request, "Tout était déjà réglé.", messages.INFO)

    @admin.display(description="fiche", ordering="entree__titre")
    def lien_fiche(self, row):
        return link_to(row.entree)

    @admin.display(description="à faire")
    def a_faire(self, anomalie):
        """Links to where the row is settled."""
        return format_html('<a href="{}">{}</a>', self.settled_at(anomalie), anomalie.a_faire)

    @admin.display(description="suite donnée")
    def suite(self, row):
        if not row.reglee_le:
            return "à régler"
        name = row.reglee_par.nom_affiche if row.reglee_par else "la reprise ou un compte supprimé"
        return f"réglé le {timezone.localtime(row.reglee_le):%d/%m/%Y} par {name}"
