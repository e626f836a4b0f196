"""Requests of persons at the desk: see their data, give a copy, erase."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from socle.bureau.list_filters import CaseListFilter
from socle.vie_privee import consultation_admin, personnes  # noqa: F401 - the first registers itself
from socle.vie_privee.conservation import traitements
from socle.vie_privee.models import Demande
from socle.vie_privee.personal_copy import as_file

SHOWN = 50  # mentions listed before an erasure; all are counted


class EffacementForm(forms.Form):
    noms = forms.BooleanField(
        label="retirer aussi son nom des textes des fiches",
        required=False,
        initial=True,
        help_text="Décochez si une autre personne porte le même nom : seule l’adresse sera retirée des textes.",
    )
    certain = forms.BooleanField(
        label="je confirme l’effacement, qui ne peut pas être annulé",
        error_messages={"required": "Cochez cette case pour effacer."},
    )


class ReponseListFilter(CaseListFilter):
    title = "suite"
    parameter_name = "suite"
    cases = [
        ("ouverte", "réponse à faire", Q(traitee_le__isnull=True)),
        ("faite", "réponse faite", Q(traitee_le__isnull=False)),
    ]


@admin.register(Demande)
class DemandeAdmin(admin.ModelAdmin):
    """Animation records requests; those with the right to answer see the data, copy, erase."""

    explication = "Qui demande à voir, corriger ou effacer ses données."
    list_display = ["numero", "objet", "recue_le", "reponse", "traitee_par"]
    list_filter = [ReponseListFilter, "objet"]
    list_select_related = ["traitee_par"]
    fields = ["courriel", "objet", "recue_le", "reponse", "deal_with"]
    readonly_fields = ["reponse", "deal_with", "who_answers"]
    actions = None

    def get_urls(self):
        view = self.admin_site.admin_view(never_cache(self.answer_view))
        return [path("<int:pk>/repondre/", view, name="vie_privee_demande_repondre"), *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.traitee_le)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.saisie_par = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="numéro", ordering="pk")
    def numero(self, demande):
        return str(demande)

    @admin.display(description="réponse", ordering="traitee_le")
    def reponse(self, demande):
        if demande.traitee_le:
            return f"faite le {timezone.localtime(demande.traitee_le):%d/%m/%Y}"
        return f"à faire avant le {demande.avant_le:%d/%m/%Y}" if demande.recue_le else "à faire"

    def get_fields(self, request, obj=None):
        may = request.user.has_perm("vie_privee.repondre")
        return [*self.fields[:-1], "deal_with" if may else "who_answers"]

    @admin.display(description="répondre")
    def who_answers(self, demande):
        return "Les comptes du groupe Administration donnent la copie ou effacent."

    @admin.display(description="répondre")
    def deal_with(self, demande):
        if not demande.pk or demande.traitee_le:
            return "Rien à faire." if demande.pk else "Enregistrez d’abord la demande."
        address = reverse("admin:vie_privee_demande_repondre", args=[demande.pk])
        words = "Voir ce que le site garde, en donner copie ou l’effacer"
        return format_html('<a href="{}">{}</a>', address, words)

    def answer_view(self, request, pk):
        """What is held about the person. POST « exporter » copies, « effacer » erases, « clore » only closes."""
        if not request.user.has_perm("vie_privee.repondre"):
            raise PermissionDenied
        demande = self.get_queryset(request).filter(pk=pk, traitee_le=None).first()
        if demande is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        form = EffacementForm(request.POST if "effacer" in request.POST else None)
        if request.method == "POST":
            if "exporter" in request.POST:
                return as_file(personnes.export(demande.courriel), f"donnees-demande-{demande.pk}.json")
            if "clore" in request.POST:
                self._answered(request, demande)
                messages.success(request, "C’est noté : la demande est close, l’adresse n’y est plus.")
                return redirect("admin:vie_privee_demande_changelist")
            if form.is_valid() and self._erase(request, demande, noms=form.cleaned_data["noms"]):
                return redirect("admin:vie_privee_demande_changelist")
        found = personnes.find(demande.courriel)
        mine = [(one, [row for row in rows if row != demande]) for one, rows in found.lignes]
        motif = found.motif
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Répondre à la {str(demande).lower()}",
            "demande": demande,
            "lignes": [(one, rows) for one, rows in mine if rows],
            "mentions": [(one, motif.extract(one.texte)) for one in found.mentions[:SHOWN]],
            "autres": max(len(found.mentions) - SHOWN, 0),
            "types": [one.titre for one in traitements()],
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/vie_privee/repondre.html", context)

    @transaction.atomic
    def _erase(self, request, demande, *, noms: bool) -> bool:
        adresse = demande.courriel
        demande.objet = Demande.Objet.EFFACEMENT  # what was done, whatever was asked first
        self._answered(request, demande, "Données effacées.")
        try:
            bilan = personnes.forget(adresse, noms=noms)
        except personnes.CompteOuvert:
            transaction.set_rollback(True)
            messages.error(
                request,
                "Cette adresse est celle d’un compte de l’équipe encore ouvert : fermez d’abord ce compte. "
                "Rien n’a été effacé.",
            )
            return False
        details = ", ".join(f"{titre.lower()} : {number}" for titre, number in bilan.lignes)
        words = f"C’est effacé ({details or 'aucune ligne'} ; mentions dans d’autres textes : {bilan.mentions})."
        messages.success(request, words)
        return True

    def _answered(self, request, demande, words="Réponse faite.") -> None:
        demande.courriel, demande.traitee_le, demande.traitee_par = "", timezone.now(), request.user
        demande.save()
        self.log_change(request, demande, words)
