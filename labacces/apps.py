from importlib import import_module

from django.apps import AppConfig


class LabaccesConfig(AppConfig):
    name = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import indexation, registre

        import_module("labacces.checks")
        registre.autodiscover()
        indexation.connect()
        import_module("labacces.recherche")  # the list of all records has its sets too
