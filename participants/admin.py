"""The desk for persons: each room has its rights, and the log of the admin names a person by number."""

from django.contrib import admin
from django.db import transaction
from django.db.models import TextField
from django.utils.html import format_html_join

from socle.bureau import ajouts
from socle.bureau.widgets import TexteWidget
from socle.courrier import liens
from socle.courrier.admin import en_lignes
from socle.francais.texte import fold
from socle.francais.wording import moment
from socle.vie_privee import gestes
from socle.vie_privee.consultation_admin import ListeDePersonnes


def dated(name: str, words: str):
    """A column with the moment in field `name`."""
    return admin.display(description=words, ordering=name)(lambda self, row: moment(getattr(row, name)))


class SollicitationAdmin(ListeDePersonnes):
    """The list of a kind of request."""

    @admin.display(description="courriels")
    def courriels_envoyes(self, row):
        return en_lignes(row.courriels.defer("texte", "html") if row.pk else ()) or "aucun"


class ParticipantAdmin(SollicitationAdmin):
    """The list of persons: found without accents, erased one by one or several at once."""

    search_fields = ["plie"]
    search_help_text = "Nom, organisation ou courriel, avec ou sans accents."
    formfield_overrides = {TextField: {"widget": TexteWidget}}
    readonly_fields = ["cree_le", "origine"]
    ordering = ["plie", "pk"]
    apart: tuple[str, ...] = ()  # fields of the form that a function saves
    efface = ""  # the gesture that stands for a deletion: a restored copy repeats it

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request, obj, form, change):
        """Saves only changed fields: the row may have moved on meanwhile. A new address revokes the links."""
        if not change:
            obj.save()
            return
        fields = {field.name for field in self.opts.concrete_fields}.difference(self.apart)
        obj.save(update_fields=fields.intersection(form.changed_data))
        if "courriel" in form.changed_data:
            liens.revoke(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for ajout in ajouts.of(self.model) if change else ():
            ajout.save(request, form.instance, created=False)

    def delete_model(self, request, obj):
        self.delete_queryset(request, [obj])

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        gestes.note(self.efface, queryset)
        self.erase(queryset)

    def erase(self, rows):
        """Erases persons. Call it in a transaction."""
        for row in rows:
            row.delete()

    @admin.display(description="origine")
    def origine(self, row):
        lines = f" (lignes {row.premiere_ligne} à {row.derniere_ligne})" if row.premiere_ligne else ""
        said = [words for ajout in ajouts.of(self.model) if (words := ajout.origin(row))] if row.pk else []
        known = [f"reprise du fichier « {row.source} »{lines}" if row.source else self.made_here(row)]
        return format_html_join(", ", "{}", [(part,) for part in (*known, *said)])

    @staticmethod
    def made_here(row) -> str:
        """The origin of a row: only the public form keeps the text of an agreement."""
        return "formulaire du site" if row.consentement_le else "saisie ici"

    def get_list_filter(self, request):
        added = [one for ajout in ajouts.of(self.model) for one in ajout.filters(self.model)]
        return [*super().get_list_filter(request), *added]

    def get_actions(self, request):
        """Puts the name of the action in the feminine; Django says « les … sélectionnés »."""
        actions = super().get_actions(request)
        if found := actions.get("delete_selected"):
            actions["delete_selected"] = (*found[:2], f"Supprimer les {self.opts.verbose_name_plural} sélectionnées")
        return actions
