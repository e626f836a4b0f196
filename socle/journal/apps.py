from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "socle.journal"
    label = "journal"
    verbose_name = "Journal des changements"

    def ready(self):
        from socle.journal import writing

        post_migrate.connect(writing.begin, sender=self, dispatch_uid="socle.journal")
