from django.apps import AppConfig


class ViePriveeConfig(AppConfig):
    name = "socle.vie_privee"
    verbose_name = "Vie privée"
