"""The desk's pages of history: list the versions of a row, compare two, show one, restore one."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from fiches.desk_base import DeskPages, desk_page
from fiches.suivi import public_history
from fiches.suivi.comparaison import changed_labels, compared_fields, differences, state
from fiches.suivi.historique import MovedOn, author, restore, revisions, shown_by, with_changes
from fiches.suivi.models import VersionMasquee
from socle.comptes.roles import can_publish
from socle.francais.nombres import whole
from socle.francais.valeurs import as_words
from socle.journal.writing import lot
from socle.vie_privee.questions import MotPrive, answered, told, undecided


class HistoriqueAdmin(DeskPages, SimpleHistoryAdmin):
    """The three pages of history, in place of those of simple_history: word for word, in French.

    For any model with `history`, `version`, `mot` and `hors_versions` (see `Fiche`) that is edited in a `VersionForm`.
    """

    history_list_per_page = 50
    object_history_template = "admin/fiches/historique.html"
    object_history_form_template = "admin/fiches/version.html"
    comparison_template = "admin/fiches/comparaison.html"

    def get_urls(self):
        compare = self.path("<path:object_id>/history/comparer/", self.comparison_view, "comparaison")
        return [compare, *super().get_urls()]

    def get_object(self, request, object_id, from_field=None):
        self.key(object_id)
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Locks the row, so that one editor at a time compares and raises its version."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with lot():  # one entry in the change log for the row and those beside it
            if object_id is None:
                return super().changeform_view(request, object_id, form_url, extra_context)
            self._lock(unquote(object_id))
            gone = self.gone_page(request, unquote(object_id))
            return gone or super().changeform_view(request, object_id, form_url, extra_context)

    def gone_page(self, request, object_id):
        """The answer to a save of a row that is gone; else None."""

    def log_change(self, request, obj, message):
        """Writes nothing if the form was unchanged."""
        return super().log_change(request, obj, message) if message else None

    def history_view(self, request, object_id, extra_context=None):
        row = self._row(request, object_id)
        page = Paginator(revisions(self.model, row.pk), self.history_list_per_page).get_page(request.GET.get("p"))
        rows = list(page.object_list)
        # The version before the last one on the page, to know what that one changed.
        older = revisions(self.model, row.pk).filter(history_id__lt=rows[-1].history_id).first() if rows else None
        lines = [
            {
                "version": record,
                "auteur": author(record),
                "changements": changed_labels(self.model, before, now) if before else [],
                "premiere": before is None,
            }
            for record, now, before in with_changes([*rows, *([older] if older else [])])[: len(rows)]
        ]
        context = {"page": page, "lignes": lines, "title": "Historique", "subtitle": str(row)}
        return self._page(request, row, self.object_history_template, context | (extra_context or {}))

    def comparison_view(self, request, object_id):
        """Compares versions `de` and `a`, ids in any order; without `a`, the present state."""
        row = self._row(request, object_id)
        pair = [self._revision(row, request.GET.get("de"))]
        if request.GET.get("a"):
            pair.append(self._revision(row, request.GET["a"]))
            pair.sort(key=lambda record: record.history_id)
        before, after = state(pair[0]), state(pair[1] if len(pair) > 1 else row)
        context = {
            "avant": pair[0],
            "apres": pair[1] if len(pair) > 1 else None,
            "auteurs": [author(record) for record in pair],
            "differences": differences(compared_fields(self.model), before, after),
            "title": "Comparer deux versions",
            "subtitle": str(row),
        }
        return self._page(request, row, self.comparison_template, context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        row = self._row(request, object_id)
        record = self._revision(row, version_id)
        may_restore = self.has_change_permission(request, row)
        prives = answered(self.asked_of(row, record), request.POST)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            if not undecided(prives):
                restored = self._restore(request, record, prives)
                return redirect(self._address("change", row) if restored else request.path)
            said = "Rien n’est encore restauré : dites ce que devient chacun des mots qui parlent de quelqu’un."
            self.message_user(request, said, messages.ERROR)
        then, fields = state(record), compared_fields(self.model)
        context = {
            "version": record,
            "auteur": author(record),
            "champs": [(field.verbose_name, as_words(field, then[field.name])) for field in fields],
            "differences": [change for change in differences(fields, state(row), then) if change.name != "statut"],
            "peut_restaurer": may_restore,
            "prives": prives,
            "title": f"Version {record.version}",
            "subtitle": str(row),
        }
        context |= self.beside_revision(request, row, record) | (extra_context or {})
        return self._page(request, row, self.object_history_form_template, context)

    def beside_revision(self, request, row, record) -> dict:
        """More context for a version."""
        return {}

    def asked_of(self, row, record) -> list[MotPrive]:
        """Private words that the restored version would show: the editor decides on each."""
        return []

    def restored(self, request, record, *, seen: int, prives: list[MotPrive]):
        """Restores `record` as a new version, and returns the row; MovedOn if it left version `seen`."""
        raise NotImplementedError

    def _restore(self, request, record, prives) -> bool:
        seen = whole(request.POST.get("version_lue", ""), 9) or -1
        try:
            restored = self.restored(request, record, seen=seen, prives=prives)
        except MovedOn:
            said = "a été modifiée entre-temps : rien n’a été restauré. Relisez ce qui changerait."
            self.message_user(request, f"La {self.model.mot} {said}", messages.ERROR)
            return False
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return False
        self.log_change(request, restored, f"Version {record.version} restaurée.")
        message = f"La version {record.version} est restaurée. Elle est maintenant la version {restored.version}."
        self.message_user(request, message, messages.SUCCESS)
        return True

    def _row(self, request, object_id):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(f"Cette {self.model.mot} n’existe pas ou n’existe plus.")
        if not self.has_view_history_or_change_history_permission(request, row):
            raise PermissionDenied
        return row

    def _revision(self, row, history_id):
        record = revisions(self.model, row.pk).filter(history_id=whole(history_id or "", 18)).first()
        if record is None:
            raise Http404("Cette version n’existe pas.")
        return record

    def _page(self, request, row, template, context):
        around = {
            "original": row,
            "adresse": self._address("change", row),
            "adresse_historique": self._address("history", row),
            "adresse_comparaison": self._address("comparaison", row),
        }
        return desk_page(self, request, template, around | context)


class HistoriqueDeFicheAdmin(HistoriqueAdmin):
    """The history of records. Accounts that may publish can hide a version from the public."""

    def asked_of(self, row, record):
        return shown_by(row, record) if row.is_publiee else []

    def restored(self, request, record, *, seen, prives):
        return restore(self.model, record, seen=seen, prives=prives, par=request.user.get_username())

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if "masquer" not in request.POST:
            return super().history_form_view(request, object_id, version_id, extra_context)
        fiche = self._row(request, object_id)
        self._hide(request, fiche, self._revision(fiche, version_id))
        return redirect(request.path)

    def beside_revision(self, request, row, record):
        masquee = VersionMasquee.objects.filter(entree=row.pk, version=record.version).first()
        return {
            "peut_masquer": can_publish(request.user) and public_history.may_be_hidden(row, record),
            "masquee": masquee,
            "montrerait": told(shown_by(row, record)) if masquee else "",
            "raisons": VersionMasquee.Raison.choices,
        }

    def _hide(self, request, fiche, record):
        """Hides a version from the public for the chosen reason; without one, shows it again."""
        if not (can_publish(request.user) and public_history.may_be_hidden(fiche, record)):
            raise PermissionDenied
        raison = request.POST["masquer"]
        if raison and raison not in VersionMasquee.Raison:
            self.message_user(request, "Choisissez pourquoi dans la liste.", messages.ERROR)
            return
        if not raison and "lu" not in request.POST and (mots := shown_by(fiche, record)):
            said = f"Cette version montrerait de nouveau {told(mots)}. Cochez la case si tout le monde doit le lire."
            self.message_user(request, said, messages.ERROR)
            return
        public_history.hide(fiche, record.version, raison, user=request.user)
        said = (
            f"masquée au public : {VersionMasquee.Raison(raison).label}" if raison else "montrée de nouveau au public"
        )
        self.log_change(request, fiche, f"Version {record.version} {said}.")
        self.message_user(request, f"La version {record.version} est {said}.", messages.SUCCESS)
