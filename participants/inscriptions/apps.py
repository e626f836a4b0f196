from django.apps import AppConfig


class InscriptionsConfig(AppConfig):
    name = "participants.inscriptions"
    verbose_name = "Inscriptions"

    def ready(self):
        from django.db.models.signals import post_save

        from participants.evenements.models import Evenement
        from participants.inscriptions import attribution

        post_save.connect(attribution.on_saved, sender=Evenement, dispatch_uid="places-du-nombre")
