from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "fiches.catalogue"
    label = "catalogue"
    verbose_name = "catalogue"
