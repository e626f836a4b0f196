from django.apps import AppConfig


class EvenementsConfig(AppConfig):
    name = "participants.evenements"
    label = "evenements"
    verbose_name = "Agenda"
