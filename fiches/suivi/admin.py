"""Names that came after the texts, and that somebody has to decide on."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Min, Q
from django.utils.html import format_html, format_html_join

from fiches import retrait
from fiches.acces import change_url
from fiches.models import Fiche
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.francais.mots import pluriel
from socle.vie_privee.models import NomTenu

SHOWN = 20  # records that name somebody, at most


class ARegarderListFilter(CaseListFilter):
    title = "suite"
    parameter_name = "suite"
    cases = [("ouverte", "à regarder", Q(decision=NomTenu.Decision.ATTEND))]


class NomTenuChangeList(ChangeList):
    """Names with where they may stand, read once for the page."""

    def get_results(self, request):
        super().get_results(request)
        places = retrait.Sought(nom.texte for nom in self.result_list).places()
        for nom in self.result_list:
            nom.places = places[nom.texte]


@admin.register(NomTenu)
class NomTenuAdmin(KeptRowsAdmin, admin.ModelAdmin):
    """Names that stand in a title, or in many records: staff say what becomes of them."""

    explication = "Des noms de personnes trouvés dans des fiches\N{NO-BREAK SPACE}: à retirer, ou à laisser."
    list_display = ["texte", "ou", "decision"]
    list_display_links = None
    list_filter = [ARegarderListFilter]
    list_per_page = 20
    actions = ["take_out", "no_person", "agreed"]
    search_fields = ["texte"]
    search_help_text = "Nom."

    def get_changelist(self, request, **kwargs):
        return NomTenuChangeList

    def get_queryset(self, request):
        """One row a name, of those that somebody has to decide or has decided."""
        rows = super().get_queryset(request).exclude(decision=NomTenu.Decision.AUCUNE)
        return rows.filter(pk__in=rows.order_by().values("texte").annotate(first=Min("pk")).values("first"))

    @admin.display(description="où")
    def ou(self, nom):
        """The records that name it, in words that lead to them."""
        found = [row for row, _ in retrait.named(nom.texte, nom.places)]
        links = [(change_url(row.entree), row.titre) for row in found if isinstance(row, Fiche)][:SHOWN]
        more = len(found) - len(links)
        shown = format_html_join("", '<div><a href="{}">{}</a></div>', links)
        return format_html("{}{}", shown, f"et {pluriel(more, 'autre texte', 'autres textes')}" if more else "")

    @admin.action(description="Retirer partout", permissions=["change"])
    def take_out(self, request, queryset):
        bilan = retrait.take_out_everywhere([nom.texte for nom in queryset])
        fiches = pluriel(bilan.fiches, "fiche corrigée", "fiches corrigées")
        self.message_user(request, f"{fiches[:1].upper()}{fiches[1:]}.", messages.SUCCESS)

    @admin.action(description="Ce n’est pas une personne", permissions=["change"])
    def no_person(self, request, queryset):
        self._leave(request, queryset, NomTenu.Decision.PAS_UNE_PERSONNE)

    @admin.action(description="Cette personne est d’accord", permissions=["change"])
    def agreed(self, request, queryset):
        self._leave(request, queryset, NomTenu.Decision.ACCORD)

    def _leave(self, request, queryset, decision):
        names = list(queryset)
        for nom in names:
            retrait.leave(nom.texte, decision)
        self.message_user(
            request, f"{pluriel(len(names), 'nom laissé', 'noms laissés')} dans les textes.", messages.SUCCESS
        )
