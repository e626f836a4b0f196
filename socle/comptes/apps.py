from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ComptesConfig(AppConfig):
    name = "socle.comptes"
    verbose_name = "Comptes"

    def ready(self):
        from socle.comptes.roles import set_up

        # After the last application that has models, all permissions exist; and it is done only once.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(set_up, sender=last, dispatch_uid="socle.comptes.roles")
