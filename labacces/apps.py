from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class LabaccesConfig(AppConfig):
    name = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import indexation, registre

        import_module("labacces.checks")
        registre.autodiscover()
        indexation.connect()
        import_module("labacces.recherche")  # the list of all records has its sets too
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(indexation.build_missing, sender=last, dispatch_uid="labacces.ensembles")
