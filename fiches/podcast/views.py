"""Public pages of the podcast."""

from fiches.podcast.columns import EPISODE_COLUMNS
from fiches.podcast.filters import EpisodeFilterSet
from fiches.podcast.flux import NOM, RSS
from fiches.podcast.models import Episode
from fiches.views import FicheDetailView, FicheListView


class EpisodeListView(FicheListView):
    filterset_class = EpisodeFilterSet
    columns = EPISODE_COLUMNS
    tableau = ("numero", "etat", "fait", "themes")
    vues = (RSS,)
    template_name = "podcast/episode_list.html"

    def get_context(self, selection, page, unknown_page):
        waiting = selection.counts("etat")["bientot"]
        context = {"nom_du_podcast": NOM, "bientot": waiting}
        return super().get_context(selection, page, unknown_page) | context


class EpisodeDetailView(FicheDetailView):
    model = Episode
    template_name = "podcast/episode_detail.html"
    sections = {"texte_long": "présentation", "transcription": "transcription"}

    def keys(self, fiche):
        return [("numéro", "" if fiche.numero is None else str(fiche.numero), ""), ("durée", fiche.duree, "")]
