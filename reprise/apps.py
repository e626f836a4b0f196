from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "reprise"
    label = "reprise"
    verbose_name = "Reprise de l’ancien site"

    def ready(self):
        from reprise import formulaires, handlers

        formulaires.load()
        handlers.connect()
