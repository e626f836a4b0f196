from django.apps import AppConfig


class PodcastConfig(AppConfig):
    name = "fiches.podcast"
    label = "podcast"
    verbose_name = "podcast"
