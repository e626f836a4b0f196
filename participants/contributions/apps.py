from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "participants.contributions"
    verbose_name = "Contributions"

    def ready(self):
        from fiches.signals import entree_videe, fiche_enregistree, fiches_fusionnees, fusion_defaite
        from participants.contributions import courriels, credits

        fiche_enregistree.connect(courriels.on_saved, dispatch_uid="contributions")
        fiches_fusionnees.connect(courriels.on_merged, dispatch_uid="contributions")
        fusion_defaite.connect(courriels.on_parted, dispatch_uid="contributions")
        entree_videe.connect(credits.on_emptied, dispatch_uid="contributions")
