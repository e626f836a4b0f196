from django.apps import AppConfig


class AlertesConfig(AppConfig):
    name = "participants.alertes"
    verbose_name = "Alertes par courriel"
