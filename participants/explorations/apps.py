from django.apps import AppConfig


class ExplorationsConfig(AppConfig):
    name = "participants.explorations"
    verbose_name = "Explorations"
