from django.apps import AppConfig


class SauvegardesConfig(AppConfig):
    name = "sauvegardes"
    label = "sauvegardes"
    verbose_name = "Sauvegardes"

    def ready(self):
        from sauvegardes import verrou

        verrou.share()
