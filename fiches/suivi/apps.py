from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "fiches.suivi"
    label = "suivi"
    verbose_name = "Suivi et reprise"
