"""What a visitor may ask of the list of episodes, in the words of the address."""

from django.db.models import F

from fiches.filters import AnneeFacet, ThemeFacet
from fiches.podcast.models import Episode
from socle.catalogue.filterset import SelectionFilterSet


class EpisodeFilterSet(SelectionFilterSet):
    tris = {
        "dernier": ("Derniers d’abord", [F(name).desc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "premier": ("Premiers d’abord", [F(name).asc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "titre": ("Titre, A à Z", ["entree__tri"]),
    }
    tris_de = {"numero": ("premier", "dernier"), "titre": ("titre", "")}
    groupes = [("Thème", ["theme"])]

    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Episode
        fields = []
