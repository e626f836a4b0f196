from django.apps import AppConfig


class FichesConfig(AppConfig):
    name = "fiches"
    label = "fiches"
    verbose_name = "Fiches"
