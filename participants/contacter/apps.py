from django.apps import AppConfig


class ContacterConfig(AppConfig):
    name = "participants.contacter"
    verbose_name = "Messages reçus"

    def ready(self):
        from participants.contacter.retours import RetoursAjout
        from socle.bureau import ajouts

        ajouts.register(RetoursAjout())
