"""Public pages of the podcast."""

from fiches.podcast.columns import EPISODE_COLUMNS
from fiches.podcast.filters import EpisodeFilterSet
from fiches.podcast.models import Episode
from fiches.views import FicheDetailView, FicheListView


class EpisodeListView(FicheListView):
    filterset_class = EpisodeFilterSet
    columns = EPISODE_COLUMNS
    annonces = 50
    template_name = "podcast/episode_list.html"


class EpisodeDetailView(FicheDetailView):
    model = Episode
    template_name = "podcast/episode_detail.html"
    sections = {"texte_long": "présentation", "transcription": "transcription"}

    def keys(self, fiche):
        return [("numéro", "" if fiche.numero is None else str(fiche.numero), ""), ("durée", fiche.duree, "")]
