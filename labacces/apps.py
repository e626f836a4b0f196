from importlib import import_module

from django.apps import AppConfig
from django.utils.dateformat import DateFormat


def ordinal(self: DateFormat) -> str:
    """`S`: « er » after the first day, else "". Django's is English (« st », « nd »)."""
    return "er" if self.data.day == 1 else ""


class LabaccesConfig(AppConfig):
    name = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import indexation
        from socle.rooms import rooms

        DateFormat.S = ordinal
        import_module("labacces.checks")
        rooms()
        indexation.connect()
