from django.apps import AppConfig


class LabaccesConfig(AppConfig):
    name = "labacces"
    label = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import annuaire, registre
        from fiches.suivi import trace

        registre.autodiscover()
        annuaire.connect()
        trace.connect()
