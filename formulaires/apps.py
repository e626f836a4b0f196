from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "formulaires"
    verbose_name = "Formulaires"
