from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    name = "socle.annuaire"
    label = "annuaire"
    verbose_name = "Annuaire"
