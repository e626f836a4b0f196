"""Registrations without an event, as the old site left them: given to theirs, together, from one page of the desk."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from fiches.desk_base import desk_page
from participants.evenements.models import Evenement
from participants.inscriptions import places
from participants.inscriptions.desk_base import address
from participants.inscriptions.models import Inscription
from socle.annuaire.models import Statut
from socle.bureau.ajouts import Ajout
from socle.francais.mots import pluriel
from socle.vie_privee.models import Consultation


class ChoisirEvenementForm(forms.Form):
    """An event that people know or went to: public, or past; neither one that is being written nor one called off."""

    evenement = forms.ModelChoiceField(
        Evenement.objects.none(),
        label="événement",
        error_messages={"required": "Choisissez un événement."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = Q(statut=Statut.PUBLIEE) | Q(termine_le__lt=timezone.now(), annule_le=None)
        self.fields["evenement"].queryset = Evenement.objects.in_use().filter(held).in_order()


class PersonnesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row):
        return ", ".join(filter(None, (f"{row.prenom} {row.nom}".strip() or str(row), row.organisation)))


class AffectationForm(ChoisirEvenementForm):
    """The event, and which of the registrations that the page named go there: all unless some are unticked."""

    inscriptions = PersonnesField(
        Inscription.objects.none(),
        label="inscriptions",
        error_messages={
            "required": "Choisissez des inscriptions.",
            "invalid_choice": "L’une d’elles vient d’être rattachée ou effacée : voici celles qui restent.",
        },
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inscriptions"].queryset = rows
        self.initial["inscriptions"] = rows


def without_event() -> QuerySet[Inscription]:
    return Inscription.objects.filter(evenement=None).order_by("plie", "pk")


def assign_view(model_admin, request):
    """Choose the event of the registrations that have none, by name."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    rows = without_event()
    count = rows.count()
    form = AffectationForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        evenement = form.cleaned_data["evenement"]
        assign(request, form.cleaned_data["inscriptions"], evenement)
        return redirect(address("liste", evenement))
    model_admin.note(request, Consultation.Quoi.LISTE, count)
    said = pluriel(count, "inscription n’est rattachée", "inscriptions ne sont rattachées")
    context = {
        "title": "Affecter à un événement",
        "form": form,
        "intro": [f"{said} à aucun événement."] if count else ["Aucune n’est sans événement."],
        "bouton": "Affecter",
        "liste_url": reverse("admin:inscriptions_inscription_changelist"),
    }
    return desk_page(model_admin, request, "admin/inscriptions/affecter.html", context)


def assign(request, rows: QuerySet[Inscription], evenement: Evenement, *, deplace: bool = False) -> None:
    """Tie these to an event, log it, and tell how many were and how many were left."""
    pks = list(rows.values_list("pk", flat=True))
    tied = places.attach(evenement, pks, deplace=deplace, user=request.user)
    if tied:
        logged = Inscription.objects.filter(pk__in=tied)
        LogEntry.objects.log_actions(request.user.pk, logged, CHANGE, change_message="Rattachée à un événement.")
        done = pluriel(len(tied), "inscription rattachée", "inscriptions rattachées")
        messages.success(request, f"{done} à « {evenement} ».")
    if left := len(pks) - len(tied):
        one, several = "inscription laissée, déjà rattachée", "inscriptions laissées, déjà rattachées"
        messages.warning(request, f"{pluriel(left, one, several)} ou d’une adresse déjà inscrite à cet événement.")


class SansEvenement(Ajout):
    """On the home of the desk: how many registrations wait for their event."""

    def links(self, site, request, addresses):
        if request.user.has_perm("inscriptions.change_inscription") and (count := without_event().count()):
            words = pluriel(count, "inscription sans événement", "inscriptions sans événement")
            yield f"{words} : affecter", reverse("admin:inscriptions_inscription_affecter")
