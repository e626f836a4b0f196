from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "fiches.suivi"
    verbose_name = "Suivi et reprise"

    def ready(self):
        from django.db.models.signals import post_migrate

        from fiches.signals import fiche_enregistree, fiches_fusionnees, fusion_defaite
        from fiches.suivi import departs, public_history, relecture

        post_migrate.connect(departs.follow, sender=self, dispatch_uid="suivi.departs")
        fiche_enregistree.connect(relecture.on_saved, dispatch_uid="suivi.relecture")
        fiches_fusionnees.connect(relecture.on_merged, dispatch_uid="suivi.relecture")
        fusion_defaite.connect(relecture.on_parted, dispatch_uid="suivi.relecture")
        fiche_enregistree.connect(public_history.on_saved, dispatch_uid="suivi.versions")
