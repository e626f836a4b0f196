from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "labacces.pages"
    verbose_name = "Pages du site"

    def ready(self):
        from labacces.pages import operateur  # registers its check
        from labacces.pages.models import Renseignements
        from labacces.pages.premiers import load_first_texts
        from socle.journal.conditional import also
        from socle.vues import licence

        also(operateur.logos)
        licence.declare(lambda: Renseignements.given().licence_choisie)

        post_migrate.connect(load_first_texts, sender=self, dispatch_uid="labacces.pages.premiers")
