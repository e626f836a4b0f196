from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "labacces.pages"
    verbose_name = "Pages du site"

    def ready(self):
        from labacces.pages import operateur  # noqa: F401 - registers its check
        from labacces.pages.premiers import load_first_texts

        post_migrate.connect(load_first_texts, sender=self, dispatch_uid="labacces.pages.premiers")
