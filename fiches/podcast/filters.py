"""Filters and sorts of the list of episodes, in the words of its address."""

from django.db.models import F, Q

from fiches.filters import AnneeFacet, ThemeFacet
from fiches.podcast.models import Episode
from socle.catalogue.filters import Facet
from socle.catalogue.filterset import SelectionFilterSet


class EpisodeFilterSet(SelectionFilterSet):
    tris = {
        "premier": ("Premiers d’abord", [F(name).asc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "dernier": ("Derniers d’abord", [F(name).desc(nulls_last=True) for name in ("numero", "publiee_le")]),
        "titre": ("Titre, A à Z", ["entree__tri"]),
    }
    tris_de = {"numero": ("premier", "dernier"), "titre": ("titre", "")}
    groupes = [("État", ["etat"]), ("Thème", ["theme"])]

    etat = Facet(
        label="état",
        choices=[("ecouter", "À écouter", ~Q(fichier="")), ("bientot", "À écouter bientôt", Q(fichier=""))],
    )
    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Episode
        fields = []
