from django.apps import AppConfig


class InscriptionsConfig(AppConfig):
    name = "participants.inscriptions"
    label = "inscriptions"
    verbose_name = "Inscriptions"
