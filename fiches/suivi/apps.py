from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "fiches.suivi"
    verbose_name = "Suivi et reprise"

    def ready(self):
        from fiches.signals import fiche_enregistree, fiches_fusionnees, fusion_defaite
        from fiches.suivi import public_history, relecture

        fiche_enregistree.connect(relecture.on_saved, dispatch_uid="suivi.relecture")
        fiches_fusionnees.connect(relecture.on_merged, dispatch_uid="suivi.relecture")
        fusion_defaite.connect(relecture.on_parted, dispatch_uid="suivi.relecture")
        fiche_enregistree.connect(public_history.on_saved, dispatch_uid="suivi.versions")
