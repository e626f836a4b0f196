from django.apps import AppConfig


class GlossaireConfig(AppConfig):
    name = "fiches.glossaire"
    label = "glossaire"
    verbose_name = "glossaire"
