from functools import partial

from django.apps import AppConfig
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete

from socle.courrier import EN_FICHIERS


def _forget_file(sender, instance, **kwargs):
    """Without a mail server, a mail is also a file: delete it with its row."""
    if settings.EMAIL_BACKEND == EN_FICHIERS:
        from socle.courrier.fichiers import forget  # needs the settings

        transaction.on_commit(partial(forget, instance.message_id))


class CourrierConfig(AppConfig):
    name = "socle.courrier"
    verbose_name = "Courrier"

    def ready(self):
        from socle.courrier import checks  # noqa: F401 - registers them

        post_delete.connect(_forget_file, sender=self.get_model("Courriel"), dispatch_uid="courriel-en-fichier")
