"""Tables that are looked at on the desk, and written elsewhere."""


class KeptRowsAdmin:
    """Mixed into the admin of rows that nobody adds or deletes there."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(KeptRowsAdmin):
    """Nor edits."""

    def has_change_permission(self, request, obj=None):
        return False
