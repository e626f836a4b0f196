from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class MemoireConfig(AppConfig):
    name = "socle.memoire"
    label = "memoire"
    verbose_name = "Mémoire"

    def ready(self):
        from socle.memoire import triggers

        # Sent for each application, once all of them are migrated: one time is enough.
        pre_migrate.connect(triggers.before_migrating, sender=self, dispatch_uid="socle.memoire")
        post_migrate.connect(triggers.after_migrating, sender=self, dispatch_uid="socle.memoire")
