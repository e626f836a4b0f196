from django.apps import AppConfig


class EnquetesConfig(AppConfig):
    name = "fiches.enquetes"
    verbose_name = "Indemnisation"
