"""The desk for reported errors: those of one record together, each with what becomes of it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, OuterRef, Q, Subquery
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from fiches.acces import change_url
from participants.contacter import erreurs
from participants.contacter.forms import SuiteForm
from participants.contacter.models import OUVERTS, Signalement
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.francais.mots import moment, pluriel
from socle.vie_privee.consultation_admin import ListeDePersonnes

Etat = Signalement.Etat


class SignalementEtatListFilter(CaseListFilter):
    title = "état"
    parameter_name = "suite"
    cases = [("ouverte", "à régler", Q(etat__in=OUVERTS)), *((one.value, one.label, Q(etat=one)) for one in Etat)]


@admin.register(Signalement)
class SignalementAdmin(KeptRowsAdmin, ListeDePersonnes):
    """Nobody writes a report here; the purge deletes it. Those on one record stand together, the latest first."""

    explication = "Erreurs que des visiteurs ont vues dans des fiches."
    list_display = ["recu", "sujet", "partie", "extrait", "etat", "doute"]
    list_filter = [SignalementEtatListFilter]
    list_select_related = ["entree"]
    list_per_page = 50
    search_fields = ["entree__titre", "texte", "courriel"]
    search_help_text = "Titre de la fiche, mot du signalement ou adresse."
    readonly_fields = ["etat", "doute", "sujet", "partie_dite", "signale", "courriel", "recu_le", "clos_le", "reponse"]
    exported = ["texte"]
    change_form_template = "admin/contacter/signalement_change_form.html"

    def get_ordering(self, request):
        same = Signalement.objects.filter(entree=OuterRef("entree")).order_by().values("entree")
        latest = Subquery(same.annotate(latest=Max("recu_le")).values("latest"))
        return [latest.desc(), "entree", "-recu_le", "-pk"]

    def get_fields(self, request, obj=None):
        said = {"doute": obj and obj.doute, "clos_le": obj and obj.clos_le, "reponse": obj and obj.clos_le}
        return [name for name in self.readonly_fields if said.get(name, True)]

    def get_urls(self):
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/suite/", view, name="contacter_signalement_suite"), *super().get_urls()]

    def settle_view(self, request, pk):
        """POST says what becomes of a report."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        form = SuiteForm(request.POST)
        if not form.is_valid():  # no browser sends that: one state is chosen, and words are held to their length
            return redirect("admin:contacter_signalement_change", pk)
        etat = Etat(form.cleaned_data["etat"])
        mots = form.cleaned_data["mots"]
        changed = erreurs.settle(row, etat, mots, tous=form.cleaned_data["tous"])
        for one in changed:
            self.log_change(request, one, f"{etat.label.capitalize()}.")
        self._tell(request, row, etat, mots, changed)
        return redirect("admin:contacter_signalement_change", pk)

    def _tell(self, request, row, etat, mots, changed):
        """Say what was done; words that were written and go to nobody come back."""
        answers = sum(bool(one.reponse) for one in changed)
        if changed:
            said = f"{pluriel(len(changed), 'signalement', 'signalements')} : {etat.label}"
            told = f" ; {pluriel(answers, 'réponse part', 'réponses partent')}" if etat not in OUVERTS else ""
            self.message_user(request, f"{said}{told}.", messages.SUCCESS)
        else:
            row.refresh_from_db()
            said = f"Rien n’a changé : ce signalement est déjà « {row.get_etat_display()} »."
            self.message_user(request, said, messages.WARNING)
        if mots and not answers:
            when = ", elle partirait à la clôture" if etat in OUVERTS else ""
            self.message_user(request, f"Votre réponse n’est pas partie{when}. La voici : « {mots} »", messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            same = Signalement.objects.filter(entree=obj.entree_id).exclude(pk=obj.pk)
            context["autres"] = [(one, reverse("admin:contacter_signalement_change", args=[one.pk])) for one in same]
            context["ouverts"] = same.filter(etat__in=OUVERTS).exists()
            context["formulaire_de_fiche"] = change_url(obj.entree)
            if obj.etat in OUVERTS and self.has_change_permission(request, obj):
                context["suite"] = SuiteForm(initial={"etat": Etat.EN_COURS if obj.etat == Etat.RECU else Etat.CORRIGE})
                context["reponses"] = [(etat.label, texte) for etat, texte in erreurs.REPONSES.items()]
        context |= {"title": "Signalement", "show_save": False, "show_save_and_continue": False, "show_close": True}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="reçu le", ordering="recu_le")
    def recu(self, row):
        return moment(row.recu_le)

    @admin.display(description="fiche", ordering="entree__titre")
    def sujet(self, row):
        return format_html('<a href="{}">{}</a>', change_url(row.entree), row.entree)

    @admin.display(description="partie de la fiche")
    def partie_dite(self, row):
        return row.partie or "toute la fiche"

    @admin.display(description="ce qui ne va pas")
    def extrait(self, row):
        return Truncator(row.texte).chars(120)

    @admin.display(description="ce qui ne va pas")
    def signale(self, row):
        return format_html('<div class="texte">{}</div>', row.texte)
