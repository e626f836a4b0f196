from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "reprise"
    label = "reprise"
    verbose_name = "Reprise de l’ancien site"
