"""Freshness at the desk: « Toujours exact », who is in charge, how often a record is read again."""

from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from fiches import registre
from fiches.acces import changeable
from fiches.desk_base import DeskPages, action_page, desk_page
from fiches.suivi import fraicheur
from fiches.suivi.models import Veille
from socle.annuaire.models import Entree
from socle.francais.typographie import titre
from socle.francais.wording import pluriel

VERIFIEE, ANNULEE = "Vérifiée : toujours exacte.", "Vérification annulée."
SEL = "toujours exact"
DEFAITE = "La vérification de «\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}» est annulée."
RESTEE = (
    "La vérification de «\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}» n’est pas annulée\N{NO-BREAK SPACE}: cette fiche a "
    "été vérifiée de nouveau depuis, ou ne l’est plus."
)
ILLISIBLE = (
    "La vérification de «\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}» n’est pas annulée\N{NO-BREAK SPACE}: la demande est "
    "incomplète ou périmée. Si cette fiche n’est plus exacte, corrigez-la."
)
SANS_VEILLE = (
    "Relecture : la personne chargée et le délai n’ont pas changé, ce choix n’existe plus. Choisissez de nouveau."
)


def _write(verification: fraicheur.Verification, fiche) -> str:
    """The token of « Annuler », signed, since it sets the freshness of a record."""
    avant, le = (moment and moment.isoformat() for moment in (verification.avant, verification.le))
    return signing.dumps([fiche.pk, avant, le], salt=SEL)


def _read(etat: str, fiche) -> fraicheur.Verification | None:
    """The check in a token of « Annuler »; None if it is not ours, or of another record."""
    try:
        pk, *moments = signing.loads(etat, salt=SEL)
    except signing.BadSignature:
        return None
    moments = (moment and datetime.fromisoformat(moment) for moment in moments)
    return fraicheur.Verification(*moments) if pk == fiche.pk else None


class CompteField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(fraicheur.staff().order_by("last_name", "first_name", "username"), required=False, **kwargs)
        self.empty_label = "personne"

    def label_from_instance(self, user):
        return user.nom_affiche


class ResponsableForm(forms.Form):
    responsable = CompteField(label="personne chargée de les relire")


class VeilleForm(forms.Form):
    responsable = CompteField(label="personne chargée de la relire")
    mois = forms.TypedChoiceField(label="à relire", coerce=int, empty_value=None, required=False)

    def __init__(self, *args, declaration, **kwargs):
        super().__init__(*args, prefix="veille", **kwargs)
        usual = Veille.Mois(declaration.relecture).label
        self.fields["mois"].choices = [("", f"comme les autres fiches de ce type : {usual}"), *Veille.Mois.choices]


class FraicheurAdmin(DeskPages):
    actions = ["entrust"]

    def get_urls(self):
        return [
            self.path("<path:object_id>/verifier/", self.verify_view, "verifier"),
            self.path("<path:object_id>/verifier/annuler/", self.unverify_view, "annuler_verification"),
            *super().get_urls(),
        ]

    def verify_view(self, request, object_id):
        """« Toujours exact »: GET asks, POST notes the check.

        POST leads to the record's form or the page of the week, since public pages show no messages.
        """
        fiche = self._changeable(request, object_id)
        if fiche is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not fiche.is_publiee:
            self.message_user(request, "Seule une fiche publiée se revérifie.", messages.INFO)
            return redirect(self._address("change", fiche))
        if request.method == "POST":
            self.note_verified(request, fiche)
            return self._after(request, fiche)
        title = "Cette fiche est-elle toujours exacte\N{NO-BREAK SPACE}?"
        context = {"title": title, "fiche": fiche, "formulaire": self._address("change", fiche)}
        return desk_page(self, request, "admin/fiches/verifier.html", context)

    def unverify_view(self, request, object_id):
        """« Annuler » in the message."""
        fiche = self._changeable(request, object_id)
        if fiche is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            verification = _read(request.POST.get("etat", ""), fiche)
            page = fiche.get_absolute_url() if fiche.is_publiee else self._address("change", fiche)
            link = format_html('<a href="{}">{}</a>', page, titre(fiche.titre_affiche))
            if verification and fraicheur.unverify(fiche, verification):
                self.log_change(request, fiche, ANNULEE)
                self.message_user(request, format_html(DEFAITE, link), messages.SUCCESS)
            else:
                self.message_user(request, format_html(RESTEE if verification else ILLISIBLE, link), messages.WARNING)
        return self._after(request, fiche)

    def _changeable(self, request, object_id):
        """The record, or None. PermissionDenied if the account may not change it."""
        fiche = self.get_object(request, unquote(object_id))
        if fiche and not self.has_change_permission(request, fiche):
            raise PermissionDenied
        return fiche

    def _after(self, request, fiche):
        return redirect("admin:a_reverifier" if "semaine" in request.POST else self._address("change", fiche))

    def note_verified(self, request, fiche):
        verification = fraicheur.verify(fiche)
        self.log_change(request, fiche, VERIFIEE)
        told = {"fiche": fiche, "semaine": "semaine" in request.POST, "etat": _write(verification, fiche)}
        told["annuler"] = self._address("annuler_verification", fiche)
        said = render_to_string("admin/fiches/_verifiee.html", told, request)
        self.message_user(request, said, messages.SUCCESS)

    def veille_part(self, request, fiche) -> dict:
        fiche.entree = Entree.objects.select_related("veille").get(pk=fiche.pk)
        due, veille = fraicheur.due_day(fiche), getattr(fiche.entree, "veille", Veille())
        sent = "veille-mois" in request.POST
        initial = {"responsable": veille.responsable_id, "mois": veille.mois}
        form = VeilleForm(request.POST if sent else None, initial=initial, declaration=registre.for_model(self.model))
        dead = list(fiche.entree.liens_sortants.filter(mort_le__isnull=False).order_by("pk"))
        late = due and due < timezone.now()
        return {"form": form, "echeance": due, "due": late, "fiche": fiche, "liens_morts": dead}

    def save_veille(self, request, fiche):
        """Saves the part about freshness, and « Toujours exact », in the transaction of the form."""
        form = VeilleForm(request.POST, declaration=registre.for_model(self.model))
        if "veille-mois" in request.POST and not form.is_valid():
            self.message_user(request, SANS_VEILLE, messages.WARNING)
        elif "veille-mois" in request.POST and fraicheur.settle(fiche, **form.cleaned_data):
            self.log_change(request, fiche, "Relecture : personne chargée ou délai changés.")
        if "_verifier" in request.POST and fiche.is_publiee:
            self.note_verified(request, fiche)

    @admin.action(description="Confier la relecture à…", permissions=["change"])
    def entrust(self, request, queryset):
        queryset = changeable(request.user, queryset)
        form = ResponsableForm(request.POST if "appliquer" in request.POST else None)
        if form.is_valid():
            pks, who = list(queryset.order_by("pk").values_list("pk", flat=True)), form.cleaned_data["responsable"]
            fraicheur.entrust(pks, who)
            LogEntry.objects.log_actions(request.user.pk, queryset, CHANGE, "Relecture : personne chargée changée.")
            said = (
                pluriel(len(pks), "fiche confiée", "fiches confiées")
                if who
                else pluriel(len(pks), "fiche n’est plus confiée à personne", "fiches ne sont plus confiées à personne")
            )
            self.message_user(request, f"{said}{f' à {who.nom_affiche}' if who else ''}.")
            return None
        context = {"title": "Confier la relecture", "form": form}
        return action_page(self, request, queryset, "admin/fiches/confier_action.html", context)
