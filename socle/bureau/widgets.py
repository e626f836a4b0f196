"""Widgets of the desk's forms."""

from django.contrib.admin.widgets import AdminTextareaWidget


class TexteWidget(AdminTextareaWidget):
    """A text area that restores line ends: browsers send \\r\\n, which would count as a change."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
