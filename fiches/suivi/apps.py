from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "fiches.suivi"
    label = "suivi"
    verbose_name = "Suivi et reprise"

    def ready(self):
        from fiches.signals import fiche_enregistree
        from fiches.suivi import relecture

        fiche_enregistree.connect(relecture.on_saved, dispatch_uid="suivi.relecture")
