"""History in the admin: the versions of a record, two of them compared, one of them shown and restored."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from simple_history.admin import SimpleHistoryAdmin

from fiches.acces import admin_url
from fiches.actions import desk_page
from fiches.suivi import public_history
from fiches.suivi.comparaison import changed_labels, compared_fields, differences, state
from fiches.suivi.historique import MovedOn, author, restore, versions, with_changes
from fiches.suivi.models import VersionMasquee
from socle.comptes.roles import can_publish
from socle.francais.valeurs import as_words

# The largest key that the database holds.
MAX_KEY = 2**63 - 1


class HistoriqueAdmin(SimpleHistoryAdmin):
    """The three pages of history, in place of simple_history's: word for word, in French, restored through a save."""

    history_list_per_page = 50
    object_history_template = "admin/fiches/historique.html"
    object_history_form_template = "admin/fiches/version.html"
    comparison_template = "admin/fiches/comparaison.html"

    def get_urls(self):
        compare = self.path("<path:object_id>/history/comparer/", self.comparison_view, "comparaison")
        return [compare, *super().get_urls()]

    def path(self, route: str, view, name: str):
        """The route of a page of the type or of one of its records."""
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        return path(route, self.admin_site.admin_view(view), name=f"{model}_{name}")

    def key(self, text) -> int | None:
        """The primary key that an address gives, None if it gives none; 404 for one that no row can have."""
        try:
            pk = self.opts.pk.to_python(text)
        except (ValidationError, ValueError):
            return None
        if pk is not None and abs(pk) > MAX_KEY:
            raise Http404("Cette fiche n’existe pas.")
        return pk

    def get_object(self, request, object_id, from_field=None):
        self.key(object_id)
        return super().get_object(request, object_id, from_field)

    def history_view(self, request, object_id, extra_context=None):
        fiche = self._fiche(request, object_id)
        page = Paginator(versions(self.model, fiche.pk), self.history_list_per_page).get_page(request.GET.get("p"))
        rows = list(page.object_list)
        # The version before the last one of the page tells what that one changed.
        older = versions(self.model, fiche.pk).filter(history_id__lt=rows[-1].history_id).first() if rows else None
        lines = [
            {
                "version": record,
                "auteur": author(record),
                "changements": changed_labels(self.model, before, now) if before else [],
                "premiere": before is None,
            }
            for record, now, before in with_changes([*rows, *([older] if older else [])])[: len(rows)]
        ]
        context = {"page": page, "lignes": lines, "title": "Historique", "subtitle": str(fiche)}
        return self._page(request, fiche, self.object_history_template, context | (extra_context or {}))

    def comparison_view(self, request, object_id):
        """Two versions side by side: `de` and `a` are their ids, in any order; without `a`, the present state."""
        fiche = self._fiche(request, object_id)
        pair = [self._version(fiche, request.GET.get("de"))]
        if request.GET.get("a"):
            pair.append(self._version(fiche, request.GET["a"]))
            pair.sort(key=lambda record: record.history_id)
        before, after = state(pair[0]), state(pair[1] if len(pair) > 1 else fiche)
        context = {
            "avant": pair[0],
            "apres": pair[1] if len(pair) > 1 else None,
            "auteurs": [author(record) for record in pair],
            "differences": differences(compared_fields(self.model), before, after),
            "title": "Comparer deux versions",
            "subtitle": str(fiche),
        }
        return self._page(request, fiche, self.comparison_template, context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """One version, what restoring it would change, and the button that does it."""
        fiche = self._fiche(request, object_id)
        record = self._version(fiche, version_id)
        may_restore = self.has_change_permission(request, fiche)
        if request.method == "POST" and "masquer" in request.POST:
            self._hide(request, fiche, record)
            return redirect(request.path)
        if request.method == "POST":
            if not may_restore:
                raise PermissionDenied
            if self._restore(request, fiche, record):
                return redirect(self._address("change", fiche))
            return redirect(request.path)
        then, fields = state(record), compared_fields(self.model)
        context = {
            "version": record,
            "auteur": author(record),
            "champs": [(field.verbose_name, as_words(field, then[field.name])) for field in fields],
            "differences": [change for change in differences(fields, state(fiche), then) if change.name != "statut"],
            "peut_restaurer": may_restore,
            "peut_masquer": can_publish(request.user) and public_history.may_be_hidden(fiche, record),
            "masquee": VersionMasquee.objects.filter(entree=fiche.pk, version=record.version).first(),
            "raisons": VersionMasquee.Raison.choices,
            "title": f"Version {record.version}",
            "subtitle": str(fiche),
        }
        return self._page(request, fiche, self.object_history_form_template, context | (extra_context or {}))

    def _restore(self, request, fiche, record) -> bool:
        seen = request.POST.get("version_lue", "")
        try:
            restored = restore(self.model, record, seen=int(seen[:9]) if seen.isdecimal() else -1)
        except MovedOn:
            message = "La fiche a été modifiée entre-temps : rien n’a été restauré. Relisez ce qui changerait."
            self.message_user(request, message, messages.ERROR)
            return False
        self.log_change(request, restored, f"Version {record.version} restaurée.")
        message = f"La version {record.version} est restaurée. Elle est maintenant la version {restored.version}."
        self.message_user(request, message, messages.SUCCESS)
        return True

    def _hide(self, request, fiche, record):
        """Hide a version from the public, for the reason chosen, or show it again without any."""
        if not (can_publish(request.user) and public_history.may_be_hidden(fiche, record)):
            raise PermissionDenied
        raison = request.POST["masquer"]
        if raison and raison not in VersionMasquee.Raison:
            self.message_user(request, "Choisissez pourquoi dans la liste.", messages.ERROR)
            return
        public_history.hide(fiche, record.version, raison, user=request.user)
        said = (
            f"masquée au public : {VersionMasquee.Raison(raison).label}" if raison else "montrée de nouveau au public"
        )
        self.log_change(request, fiche, f"Version {record.version} {said}.")
        self.message_user(request, f"La version {record.version} est {said}.", messages.SUCCESS)

    def _fiche(self, request, object_id):
        fiche = self.get_object(request, unquote(object_id))
        if fiche is None:
            raise Http404("Cette fiche n’existe pas ou n’existe plus.")
        if not self.has_view_history_or_change_history_permission(request, fiche):
            raise PermissionDenied
        return fiche

    def _version(self, fiche, history_id):
        record = None
        if str(history_id or "").isdecimal() and len(history_id) < 19:
            record = versions(self.model, fiche.pk).filter(history_id=history_id).first()
        if record is None:
            raise Http404("Cette version n’existe pas.")
        return record

    def _address(self, name, *fiche):
        """Address of one of the pages of the type, or of one of its records."""
        return admin_url(self.model, name, *(one.pk for one in fiche))

    def _page(self, request, fiche, template, context):
        around = {
            "fiche": fiche,
            "adresse_fiche": self._address("change", fiche),
            "adresse_historique": self._address("history", fiche),
            "adresse_comparaison": self._address("comparaison", fiche),
        }
        return desk_page(self, request, template, around | context)
