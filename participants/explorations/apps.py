from django.apps import AppConfig


class ExplorationsConfig(AppConfig):
    name = "participants.explorations"
    label = "explorations"
    verbose_name = "Explorations"
