"""Takeovers at the desk: which were carried out, what each did, and how to go back to the database of before."""

from pathlib import Path

from django.contrib import admin

from fiches import registre
from fiches.suivi.historique import name_of
from reprise import formulaires
from reprise.models import Reprise
from reprise.saver import persons_alone
from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.mots import entier, pluriel, pluriel_ou_aucune
from socle.sauvegardes.commande import manage

# What a run did of records, as its figures tell it: its key there, and the word; {e} is the mark of the feminine.
ETATS = {"lues": "lu{e}", "creees": "créé{e}", "modifiees": "modifié{e}", "inchangees": "inchangé{e}"}
CONFLITS = "conflits"


@admin.register(Reprise)
class RepriseAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Rows that the takeover writes and that nobody edits."""

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
        """[(kind of record, what became of them)], nothing of kinds of which none was read."""
        for cle, counts in reprise.bilan.get("fiches", {}).items():
            if counts.get("lues"):
                kind, feminine = _kind(cle)
                words = {key: word.format(e="e" if feminine else "") for key, word in ETATS.items()}
                told = {key: pluriel(counts[key], word, f"{word}s") for key, word in words.items() if counts.get(key)}
                if "modifiees" in told:
                    told["modifiees"] += persons_alone(counts)
                if counts.get(CONFLITS):
                    told[CONFLITS] = f"{entier(counts[CONFLITS])} en conflit"
                yield kind, ", ".join(told.values())

    @admin.display(description="numéro", ordering="pk")
    def numero(self, reprise):
        return f"n° {reprise.pk}"

    @admin.display(description="fiches")
    def resume(self, reprise):
        totals = dict.fromkeys(ETATS, 0)
        for counts in reprise.bilan.get("fiches", {}).values():
            for key in ETATS:
                totals[key] += counts.get(key, 0)
        told = {"lues": "lue", "creees": "créée", "modifiees": "modifiée"}
        return ", ".join(pluriel_ou_aucune(totals[key], word, f"{word}s") for key, word in told.items())

    @admin.display(description="lancée par")
    def lancee_par(self, reprise):
        return name_of(reprise.par) if reprise.par else "la commande"


def _kind(cle: str) -> tuple[str, bool]:
    """What the records of a type are called, those of no known type too, and whether they are feminine in French."""
    try:
        declaration = registre.get(cle)
    except KeyError:
        reprise = formulaires.readers().get(cle)
        return str(reprise.model._meta.verbose_name_plural) if reprise else "fiches de type inconnu", True
    return declaration.nom_pluriel, declaration.feminin
