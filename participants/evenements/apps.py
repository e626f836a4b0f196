from django.apps import AppConfig


class EvenementsConfig(AppConfig):
    name = "participants.evenements"
    verbose_name = "Agenda"
