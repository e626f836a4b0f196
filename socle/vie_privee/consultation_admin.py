"""Lists of persons at the desk, and the log of their readers."""

from django.contrib import admin
from django.db.models import Q
from django.template.response import TemplateResponse

from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.wording import moment
from socle.vie_privee.models import Consultation

Quoi = Consultation.Quoi


class ListeDePersonnes(admin.ModelAdmin):
    """Each view of the list or of a row, and each export, writes a `Consultation`."""

    list_per_page = 50

    def note(self, request, quoi: str, nombre: int, sujet: object = None) -> None:
        """Log how many persons were seen, never which."""
        values = {"quoi": quoi, "nombre": nombre, "sujet": str(sujet or "")}
        Consultation.objects.create(qui=request.user, genre=self.opts.label, **values)

    def in_common(self, row) -> object:
        """What the log says of one row: something it shares with others."""
        return None

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        cl = getattr(response, "context_data", {}).get("cl") if isinstance(response, TemplateResponse) else None
        if cl:
            self.note(request, Quoi.LISTE, len(cl.result_list))
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            self.note(request, Quoi.FICHE, 1, self.in_common(obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="accord")
    def accord(self, row):
        if not row.consentement_le:
            return "aucune trace d’un accord donné ici"
        return f"donné le {moment(row.consentement_le)}, texte {row.consentement_texte}"

    def exporting(self, request, queryset, format: str) -> None:
        """Log an export of the list (fiches/tableur/export.py)."""
        self.note(request, format, queryset.count())


def _genres() -> dict[str, str]:
    """{model: its name} of the logged lists."""
    lists = [model._meta for model, one in admin.site._registry.items() if isinstance(one, ListeDePersonnes)]
    return {opts.label: str(opts.verbose_name_plural) for opts in lists}


class GenreListFilter(CaseListFilter):
    title = "données"
    parameter_name = "genre"

    def cases_of(self, model):
        return [(label, name, Q(genre=label)) for label, name in _genres().items()]


@admin.register(Consultation)
class ConsultationAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """The log: nobody writes or deletes here."""

    explication = "Qui, de l’équipe, a lu ou emporté des données de personnes, et quand."
    list_display = fields = ["le", "qui", "donnees", "quoi", "nombre", "sujet"]
    list_filter = [GenreListFilter, "quoi"]
    list_select_related = ["qui"]
    date_hierarchy = "le"
    search_fields = ["qui__username", "sujet"]
    search_help_text = "Compte ou événement."

    @admin.display(description="données", ordering="genre")
    def donnees(self, row):
        return _genres().get(row.genre, row.genre)
