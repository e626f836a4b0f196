from django.apps import AppConfig


class CourrierConfig(AppConfig):
    name = "courrier"
    label = "courrier"
    verbose_name = "Courrier"

    def ready(self):
        from courrier import checks  # noqa: F401 - registers them
