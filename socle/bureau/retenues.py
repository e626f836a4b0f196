"""The desk of what tables without a model may still name: those of a part that left the site."""

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect

RETENUE = (
    "Rien n’a été supprimé : des lignes d’une partie que le site n’a plus s’y rattachent encore. "
    "Qui installe le site peut les retirer."
)


class RetenueAdmin(admin.ModelAdmin):
    """An admin that says so when the database keeps a row for the sake of such a table."""

    def delete_view(self, request, object_id, extra_context=None):
        return self._kept(request, lambda: super(RetenueAdmin, self).delete_view(request, object_id, extra_context))

    def changelist_view(self, request, extra_context=None):
        """Several rows are deleted from here."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        return self._kept(request, lambda: super(RetenueAdmin, self).changelist_view(request, extra_context))

    def _kept(self, request, answer):
        try:
            with transaction.atomic():  # the database asks at its end
                return answer()
        except IntegrityError:
            self.message_user(request, RETENUE, messages.ERROR)
            return redirect(request.get_full_path())
