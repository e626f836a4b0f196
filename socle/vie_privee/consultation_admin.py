"""Lists of persons at the desk that write down who looked, and the journal that they write."""

from django.contrib import admin
from django.template.response import TemplateResponse

from socle.bureau.read_only import ReadOnlyAdmin
from socle.francais.mots import moment
from socle.vie_privee.consultation import ConsultationDePersonnes


class ListeDePersonnes(admin.ModelAdmin):
    """Each look at the list or at one row, and each file of the list, is a row of `journal`."""

    journal: type[ConsultationDePersonnes]

    def note(self, request, quoi: str, nombre: int, row=None) -> None:
        """Write down that this person of the staff looked: nothing of whom they looked at but how many."""
        self.journal.objects.create(qui=request.user, quoi=quoi, nombre=nombre)

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        cl = getattr(response, "context_data", {}).get("cl") if isinstance(response, TemplateResponse) else None
        if cl:
            self.note(request, "liste", len(cl.result_list))
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            self.note(request, "fiche", 1, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="accord")
    def accord(self, row):
        """The proof of consent, on the page of a row that keeps one."""
        if not row.consentement_le:
            return "aucune trace d’un accord donné ici"
        return f"donné le {moment(row.consentement_le)}, texte {row.consentement_texte}"

    def exporting(self, request, queryset, format: str) -> None:
        """The list leaves as a file (fiches/tableur/export.py)."""
        self.note(request, format, queryset.count())


class ConsultationAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """A journal: read, never written or deleted here."""

    explication = "Qui, de l’équipe, a lu ou emporté ces données, et quand."
    list_display = ["le", "qui", "quoi", "nombre"]
    list_filter = ["quoi"]
    list_select_related = ["qui"]
    date_hierarchy = "le"
    search_fields = ["qui__username"]
    search_help_text = "Compte."
