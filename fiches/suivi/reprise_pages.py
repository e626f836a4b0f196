"""Takeovers at the desk: which were carried out, what each did, and the button that undoes one."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse

from fiches import registre
from fiches.acces import admin_url
from fiches.suivi.annulation import LISTED, AnnulationImpossible, Plan, Touche, annuler, prepare
from fiches.suivi.historique import name_of
from fiches.suivi.models import Reprise
from fiches.suivi.reprise import persons_alone
from fiches.suivi.trace import CONSERVATION, Occupee
from socle.francais.mots import entier, moment, pluriel, pluriel_ou_aucune

# What a run did of records, as its figures tell it: its key there, and the word; {e} is the mark of the feminine.
ETATS = {"lues": "lu{e}", "creees": "créé{e}", "modifiees": "modifié{e}", "inchangees": "inchangé{e}"}
CONFLITS = "conflits"


@admin.register(Reprise)
class RepriseAdmin(admin.ModelAdmin):
    """Rows that the takeover writes and that nobody edits. Undoing one is a change: Administration's alone."""

    list_display = ["numero", "le", "site", "resume", "etat_affiche"]
    list_filter = ["etat"]
    list_select_related = ["par", "annulee_par"]
    fields = readonly_fields = ["le", "site", "commande", "lancee_par", "format", "etat_affiche"]
    change_form_template = "admin/fiches/reprise.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/annuler/", view, name="suivi_reprise_annuler"), *super().get_urls()]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def undo_view(self, request, pk):
        """Undo a run, if nothing stands in the way."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        reprise = Reprise.objects.filter(pk=pk).first() if pk < 2**63 else None
        if reprise is None:
            raise Http404("Cette reprise n’existe pas.")
        if not self.has_change_permission(request, reprise):
            raise PermissionDenied
        try:
            annuler(reprise, user=request.user)
        except (AnnulationImpossible, Occupee) as error:
            self.message_user(request, f"La reprise n’a pas été annulée. {error}", messages.ERROR)
        else:
            self.log_change(request, reprise, "Reprise annulée.")
            message = f"La reprise n° {pk} est annulée : la base est comme avant elle. Vous pouvez la refaire."
            self.message_user(request, message, messages.SUCCESS)
        return redirect(admin_url(Reprise, "change", pk))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            plan = prepare(obj)
            context |= {
                "title": str(obj),
                "subtitle": None,
                "plan": plan,
                "touchees": [(one, self._address(request, one)) for one in plan.touchees[:LISTED]],
                "autres_touchees": max(0, len(plan.touchees) - LISTED),
                "bilan": list(self._figures(obj)),
                "annuler": reverse("admin:suivi_reprise_annuler", args=[obj.pk]),
                "peut_annuler": self.has_change_permission(request, obj),
                "jours": CONSERVATION.days,
                "titre_plan": self._title(plan),
                "show_save": False,
                "show_save_and_continue": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _address(self, request, one: Touche) -> str:
        return admin_url(registre.get(one.type).model, "change", one.pk) if one.type else ""

    @staticmethod
    def _title(plan: Plan) -> str:
        return "Ce que ferait son annulation" if plan.possible else "Cette reprise ne peut pas être annulée"

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

    @admin.display(description="état", ordering="etat")
    def etat_affiche(self, reprise):
        if reprise.etat == Reprise.Etat.ANNULEE:
            who = name_of(reprise.annulee_par) if reprise.annulee_par else "la commande"
            return f"annulée le {moment(reprise.annulee_le)} par {who}"
        return "faite" if reprise.changements else "faite, n’a rien changé"


def _kind(cle: str) -> tuple[str, bool]:
    """What the records of a type are called, those of no known type too, and whether they are feminine in French."""
    try:
        declaration = registre.get(cle)
    except KeyError:
        reprise = registre.reprises().get(cle)
        return str(reprise.model._meta.verbose_name_plural) if reprise else "fiches de type inconnu", True
    return declaration.nom_pluriel, declaration.feminin
