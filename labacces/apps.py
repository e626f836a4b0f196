from django.apps import AppConfig


class LabaccesConfig(AppConfig):
    name = "labacces"
    label = "labacces"
    verbose_name = "LabAccès"

    def ready(self):
        from fiches import indexation, registre

        registre.autodiscover()
        indexation.connect()
