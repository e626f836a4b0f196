from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "fiches.suivi"
    verbose_name = "Suivi et reprise"

    def ready(self):
        from fiches.signals import fiche_enregistree, fiches_fusionnees, fiches_indexees, fusion_defaite
        from fiches.suivi import doublons, public_history, relecture

        fiches_indexees.connect(doublons.on_indexed, dispatch_uid="suivi.doublons")
        fiche_enregistree.connect(relecture.on_saved, dispatch_uid="suivi.relecture")
        fiches_fusionnees.connect(relecture.on_merged, dispatch_uid="suivi.relecture")
        fusion_defaite.connect(relecture.on_parted, dispatch_uid="suivi.relecture")
        fiche_enregistree.connect(public_history.on_saved, dispatch_uid="suivi.versions")
