from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    name = "socle.territoires"
    label = "referentiels"
    verbose_name = "Référentiels géographiques"

    def ready(self):
        from socle.francais.typographie import keep_capitals
        from socle.territoires.place_names import proper_names

        keep_capitals(proper_names)
