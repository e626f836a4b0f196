from django.apps import AppConfig


class ContacterConfig(AppConfig):
    name = "participants.contacter"
    verbose_name = "Messages reçus"
