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
        try:
            with transaction.atomic():  # the database asks at its end
                return super().delete_view(request, object_id, extra_context)
        except IntegrityError:
            return self._nothing_deleted(request)

    def changelist_view(self, request, extra_context=None):
        """Several rows are deleted from here."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except IntegrityError:
            return self._nothing_deleted(request)

    def _nothing_deleted(self, request):
        self.message_user(request, RETENUE, messages.ERROR)
        return redirect(request.get_full_path())
