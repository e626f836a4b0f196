"""The desk's page of a merge: two records side by side, a choice for each difference, and the way back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from fiches.desk_base import DeskPages, desk_page
from fiches.suivi import fusion
from fiches.suivi.historique import name_of
from fiches.suivi.models import Fusion
from socle.annuaire.models import Statut
from socle.francais.nombres import whole
from socle.francais.wording import moment


class FusionAdmin(DeskPages):
    """Mixin for the admin of a type. A merge changes what the public reads, so it takes the right to publish."""

    actions = ["merge_two"]

    def get_urls(self):
        return [
            self.path("fusionner/", self.merge_view, "fusionner"),
            self.path("<int:pk>/defaire-la-fusion/", require_POST(self.undo_view), "defaire"),
            *super().get_urls(),
        ]

    @admin.action(description="Fusionner deux fiches…", permissions=["publish"])
    def merge_two(self, request, queryset):
        pks = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(pks) != 2:
            self.message_user(request, "Choisissez deux fiches, ni plus ni moins.", messages.WARNING)
            return None
        return redirect(self.merge_address(*pks))

    def merge_address(self, gardee, perdue) -> str:
        return f"{self._address('fusionner')}?{urlencode({'gardee': gardee, 'perdue': perdue})}"

    def merge_view(self, request):
        """`gardee`, `perdue`: keys of the record to keep and of the one to merge into it."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        kept, lost = (self._asked(asked.get(name, "")) for name in ("gardee", "perdue"))
        if kept.pk == lost.pk:
            raise Http404("Choisissez deux fiches différentes.")
        error = ""
        if request.method == "POST":
            seen = [asked.get(f"version_{name}", "") for name in ("gardee", "perdue")]
            try:
                if seen != [str(kept.version), str(lost.version)]:
                    raise fusion.FusionImpossible(
                        "l’une des deux a changé pendant que vous choisissiez. Relisez-les, puis choisissez à nouveau."
                    )
                choix = {name.removeprefix("champ-"): value for name, value in asked.items()}
                merged = fusion.merge(kept, lost, choix, user=request.user)
            except fusion.FusionImpossible as impossible:
                error = str(impossible)
            else:
                self.log_change(request, merged, f"Fusion avec la fiche {lost.pk}.")
                message = "Les deux fiches n’en font plus qu’une. L’autre est retirée et mène à celle-ci."
                self.message_user(request, message, messages.SUCCESS)
                return redirect(self._address("change", merged))
        context = {
            "title": "Fusionner deux fiches",
            "gardee": kept,
            "perdue": lost,
            "champs": fusion.differing(kept, lost),
            "erreur": error,
            "inverse": self.merge_address(lost.pk, kept.pk),
            "adresses": [self._address("change", fiche) for fiche in (kept, lost)],
        }
        return desk_page(self, request, "admin/fiches/fusionner.html", context)

    def _asked(self, text: str):
        pk = whole(text, 18)
        fiche = self.model._default_manager.in_use().filter(pk=pk).prefetch_related("themes").first() if pk else None
        if fiche is None:
            raise Http404("Choisissez deux fiches de la liste.")
        return fiche

    def undo_view(self, request, pk):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        self.key(pk)
        with transaction.atomic():
            mine = self.model._default_manager.values("pk")
            done = Fusion.objects.select_for_update().filter(perdue=pk, perdue__in=mine).first()
            if done is None:
                raise Http404("Cette fiche n’a pas été fusionnée, ou ne l’est plus.")
            kept = done.gardee_id
            try:
                lost, restored = fusion.undo(done, user=request.user)
            except fusion.FusionImpossible as impossible:
                self.message_user(request, f"La fusion n’a pas été défaite : {impossible}", messages.ERROR)
                return redirect(self._address("change", self.model(pk=pk)))
        self.log_change(request, lost, f"Fusion avec la fiche {kept} défaite.")
        message = "La fusion est défaite : les deux fiches sont de nouveau séparées."
        if not restored:
            message += " L’autre fiche a changé depuis la fusion : son texte est laissé tel quel, voyez son historique."
        self.message_user(request, message, messages.SUCCESS if restored else messages.WARNING)
        return redirect(self._address("change", lost))

    def merged_into(self, fiche) -> dict | None:
        """What the form of a merged record shows: into which record, by whom, when."""
        merged = Fusion.objects.filter(perdue=fiche.pk).select_related("gardee", "par")
        done = merged.first() if fiche.statut == Statut.RETIREE else None
        if done is None:
            return None
        kept = self.model(pk=done.gardee_id)
        return {
            "titre": done.gardee.titre,
            "adresse": self._address("change", kept),
            "par": name_of(done.par),
            "le": moment(done.le),
            "defaire": self._address("defaire", fiche),
        }
