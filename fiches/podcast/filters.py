"""What a visitor may ask of the list of episodes, in the words of the address."""

from django.db.models import F

from fiches.filters import ThemeFacet
from fiches.podcast.models import Episode
from socle.catalogue.filterset import SelectionFilterSet


class EpisodeFilterSet(SelectionFilterSet):
    tris = {
        "dernier": ("Dernier épisode d’abord", [F(name).desc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "premier": ("Premier épisode d’abord", [F(name).asc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "titre": ("Titre, A à Z", ["entree__tri"]),
    }
    groupes = [("Thème", ["theme"])]

    theme = ThemeFacet()

    class Meta:
        model = Episode
        fields = []
