"""The desk's pages for takeovers: which were run, what each did, how to return to the database from before."""

from pathlib import Path

from django.contrib import admin

from fiches.suivi.historique import name_of
from reprise.models import Reprise
from reprise.telling import figures
from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.wording import pluriel_ou_aucune
from socle.sauvegardes.commande import manage

TOTAUX = {"lues": "lue", "creees": "créée", "modifiees": "modifiée"}


@admin.register(Reprise)
class RepriseAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    explication = "Quand l’ancien site a été repris, et ce qui en est venu."
    list_display = ["numero", "le", "site", "resume"]
    list_select_related = ["par"]
    fields = readonly_fields = ["le", "site", "commande", "lancee_par", "format"]
    change_form_template = "admin/reprise/reprise_change_form.html"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "title": str(obj),
            "subtitle": None,
            "bilan": list(self._figures(obj)),
            "retour": f"{manage()} restaurer {obj.copie}" if obj.copie else "",
            "copie_partie": bool(obj.copie) and not Path(obj.copie).exists(),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @staticmethod
    def _figures(reprise) -> list[tuple[str, str]]:
        """[(type, what became of its records)], only for types that were read."""
        for cle, counts in reprise.bilan.get("fiches", {}).items():
            if counts.get("lues"):
                yield figures(cle, counts)

    @admin.display(description="numéro", ordering="pk")
    def numero(self, reprise):
        return f"n° {reprise.pk}"

    @admin.display(description="fiches")
    def resume(self, reprise):
        rows = reprise.bilan.get("fiches", {}).values()
        totals = {word: sum(row.get(key, 0) for row in rows) for key, word in TOTAUX.items()}
        return ", ".join(pluriel_ou_aucune(total, word, f"{word}s") for word, total in totals.items())

    @admin.display(description="lancée par")
    def lancee_par(self, reprise):
        return name_of(reprise.par) if reprise.par else "la commande"
