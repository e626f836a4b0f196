from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "comptes"
    label = "comptes"
    verbose_name = "comptes"
