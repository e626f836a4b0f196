from django.apps import AppConfig


class EnquetesConfig(AppConfig):
    name = "fiches.enquetes"
    label = "enquetes"
    verbose_name = "Enquêtes"
