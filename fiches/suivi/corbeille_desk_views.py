"""The desk's pages of the bin: put a record in, take it back, erase it."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from fiches.desk_base import DeskPages, desk_page
from fiches.suivi import corbeille, lots
from fiches.suivi.batch_admin import report
from socle.annuaire.models import Statut
from socle.vie_privee.conservation import en_mots


def lasting() -> str:
    return en_mots(settings.CONSERVATION["corbeille"])


class CorbeilleAdmin(DeskPages):
    """Mixin for the admin of a type. Accounts that may delete see the bin, if they filter the list by it."""

    delete_confirmation_template = "admin/fiches/mettre_a_la_corbeille.html"
    actions = ["throw_away", "take_back"]

    def get_urls(self):
        return [
            self.path("<int:pk>/sortir/", require_POST(self.take_back_view), "sortir"),
            self.path("<int:pk>/effacer/", self.erase_view, "effacer"),
            *super().get_urls(),
        ]

    # Where it is seen

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(statut=Statut.CORBEILLE) if self._asks_for_the_bin(request) else rows.in_use()

    def _asks_for_the_bin(self, request) -> bool:
        return request.GET.get("statut__exact") == Statut.CORBEILLE and self.has_delete_permission(request)

    def binned(self, request):
        """No records without the right to delete."""
        rows = super().get_queryset(request).filter(statut=Statut.CORBEILLE)
        return rows if self.has_delete_permission(request) else rows.none()

    def get_object(self, request, object_id, from_field=None):
        """Finds records of the bin too, so that their forms and versions can be read."""
        found = super().get_object(request, object_id, from_field)
        pk = None if found or from_field else self.key(object_id)
        return found or (self.binned(request).filter(pk=pk).first() if pk else None)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.statut != Statut.CORBEILLE)

    def get_actions(self, request):
        """Replaces Django's deletion. The list of the bin offers only « Sortir de la corbeille »."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        taking = actions.pop("take_back", None)
        return {"take_back": taking} if taking and self._asks_for_the_bin(request) else actions

    # Into it

    @admin.action(description="Mettre à la corbeille…", permissions=["delete"])
    def throw_away(self, request, queryset):
        rows = queryset.removable()
        words = "fiche mise à la corbeille|fiches mises à la corbeille"
        return self._statut_page(request, rows, Statut.CORBEILLE, words, left=queryset.count() - rows.count())

    def delete_view(self, request, object_id, extra_context=None):
        """Locks the record, so that what was checked still holds."""
        with transaction.atomic():
            if request.method == "POST":
                self._lock(unquote(object_id))
            own = {"title": "Mettre à la corbeille", "duree": lasting()}
            return super().delete_view(request, object_id, own | (extra_context or {}))

    def delete_model(self, request, obj):
        corbeille.throw_away(obj, user=request.user)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.log_change(request, obj, f"{corbeille.MISE}.")

    def response_delete(self, request, obj_display, obj_id):
        message = f"« {obj_display} » est à la corbeille pour {lasting()}. Vous pouvez l’en sortir d’ici là."
        self.message_user(request, message, messages.SUCCESS)
        return redirect(self._address("changelist"))

    # Out of it

    def _from_bin(self, request, pk):
        """The record in the bin, locked; Http404 if it is not there."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        self.key(pk)
        fiche = self.binned(request).select_for_update(of=("self",)).filter(pk=pk).first()
        if fiche is None:
            raise Http404("Cette fiche n’est pas à la corbeille, ou n’y est plus.")
        return fiche

    def take_back_view(self, request, pk):
        with transaction.atomic():
            fiche = self._take_back(request, self._from_bin(request, pk))
        message = f"La fiche est sortie de la corbeille. Elle est de nouveau « {fiche.get_statut_display()} »."
        self.message_user(request, message, messages.SUCCESS)
        return redirect(self._address("change", fiche))

    def _take_back(self, request, fiche):
        taken = corbeille.take_back(fiche, user=request.user)
        if taken:
            self.log_change(request, taken, f"{corbeille.SORTIE}.")
        return taken

    @admin.action(description="Sortir de la corbeille", permissions=["delete"])
    def take_back(self, request, queryset):
        def change(fiche):
            return lots.SAVED if self._take_back(request, fiche) else lots.UNCHANGED

        words = "fiche sortie de la corbeille|fiches sorties de la corbeille"
        report(self, request, lots.in_blocks(queryset, change), words, "l’était déjà|l’étaient déjà")

    def erase_view(self, request, pk):
        with transaction.atomic():
            fiche = self._from_bin(request, pk)
            if request.method == "POST":
                return self._erase(request, fiche)
        context = {"title": "Effacer maintenant ?", "fiche": fiche, "adresse_fiche": self._address("change", fiche)}
        return desk_page(self, request, "admin/fiches/effacer.html", context)

    def _erase(self, request, fiche):
        said = str(fiche)
        try:
            with transaction.atomic():
                super().log_deletions(request, [fiche])
                corbeille.erase(fiche.entree)
        except DatabaseError:
            message = "Rien n’a été effacé : d’autres données tiennent à cette fiche, des inscriptions par exemple."
            self.message_user(request, message, messages.ERROR)
            return redirect(self._address("change", fiche))
        self.message_user(request, f"« {said} » est effacée, avec son historique et ses fichiers.", messages.SUCCESS)
        return redirect("admin:corbeille")

    def in_bin(self, fiche) -> dict | None:
        """What the form of a record in the bin shows: its days, its former state, the two ways out. Else None."""
        if fiche.statut != Statut.CORBEILLE:
            return None
        return {
            "duree": lasting(),
            "le": fiche.modifiee_le,
            "avant": corbeille.state_before(fiche).label,
            "sortir": self._address("sortir", fiche),
            "effacer": self._address("effacer", fiche),
        }
