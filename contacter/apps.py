from django.apps import AppConfig


class ContacterConfig(AppConfig):
    name = "contacter"
    verbose_name = "Messages reçus"
