from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    name = "fiches.referentiels"
    label = "referentiels"
    verbose_name = "Référentiels géographiques"
