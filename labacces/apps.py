from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.dateformat import DateFormat


def ordinal(self: DateFormat) -> str:
    """What `S` writes after a day: « er » after the first. Django's own is English (« st », « nd »)."""
    return "er" if self.data.day == 1 else ""


class LabaccesConfig(AppConfig):
    name = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import indexation, registre

        DateFormat.S = ordinal
        import_module("labacces.checks")
        registre.autodiscover()
        indexation.connect()
        import_module("labacces.recherche")  # the list of all records has its sets too
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(indexation.build_missing, sender=last, dispatch_uid="labacces.ensembles")
