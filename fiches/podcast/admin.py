"""The desk of the podcast."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError

from fiches.admin import FicheAdmin
from fiches.list_filters import ClassementListFilter
from fiches.podcast.duree import horloge, parse_duree
from fiches.podcast.models import Episode
from fiches.suivi.concurrence import FicheForm


class DureeField(forms.IntegerField):
    """A length typed like a clock (21:24), stored in seconds."""

    def prepare_value(self, value):
        return horloge(value) if isinstance(value, int) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_duree(str(value))
        except ValueError:
            raise ValidationError("Écrivez la durée en minutes et secondes, par exemple 21:24.") from None


class EpisodeForm(FicheForm):
    class Meta:
        field_classes = {"duree_secondes": DureeField}
        widgets = {"duree_secondes": AdminTextInputWidget}
        help_texts = {"duree_secondes": "21:24, ou 1:02:30 au-delà d’une heure."}


@admin.register(Episode)
class EpisodeAdmin(FicheAdmin):
    form = EpisodeForm
    champs = [
        (None, {"fields": ["titre", "numero"]}),
        ("L’enregistrement", {"fields": ["fichier", "duree_secondes", "nom_origine"]}),
        ("Ce qui se lit", {"fields": ["texte_long", "transcription"]}),
    ]
    list_display = ["titre", "numero", "audio", "liste_themes", "statut", "modifiee_le"]
    list_filter = ["statut", ClassementListFilter]
    search_fields = ["titre"]

    @admin.display(description="fichier audio")
    def audio(self, episode):
        return episode.audio or episode.inachevee
