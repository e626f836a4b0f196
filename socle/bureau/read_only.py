"""Mixins for tables that the desk shows and that are written elsewhere."""


class KeptRowsAdmin:
    """Mixin for the admin of rows that nobody adds or deletes there."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(KeptRowsAdmin):
    """Mixin for the admin of rows that nobody adds, deletes or edits there."""

    def has_change_permission(self, request, obj=None):
        return False
