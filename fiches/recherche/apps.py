from django.apps import AppConfig


class RechercheConfig(AppConfig):
    name = "fiches.recherche"
    label = "recherche"
    verbose_name = "recherche"
