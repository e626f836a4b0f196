from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "socle.formulaires"
    verbose_name = "Formulaires"
