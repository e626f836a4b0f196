from django.apps import AppConfig


class SauvegardesConfig(AppConfig):
    name = "socle.sauvegardes"
    verbose_name = "Sauvegardes"

    def ready(self):
        from socle.sauvegardes import verrou

        verrou.share()
