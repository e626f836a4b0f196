from django.apps import AppConfig, apps
from django.db.models.signals import post_delete


class ViePriveeConfig(AppConfig):
    name = "socle.vie_privee"
    verbose_name = "Vie privée"

    def ready(self):
        from socle.vie_privee import public_text

        for model in apps.get_models():
            if issubclass(model, public_text.TextesPublics):
                post_delete.connect(
                    public_text.forget, sender=model, dispatch_uid=f"texts as written {model._meta.label}"
                )
