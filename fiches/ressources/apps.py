from django.apps import AppConfig


class RessourcesConfig(AppConfig):
    name = "fiches.ressources"
    label = "ressources"
    verbose_name = "ressources"
