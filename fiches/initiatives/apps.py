from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "fiches.initiatives"
    label = "initiatives"
    verbose_name = "initiatives"
