"""Episodes of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.podcast.models import Episode
from reprise import formulaires
from reprise.fields import RepriseFiche
from reprise.formulaires import Formulaire


class EpisodeReprise(RepriseFiche):
    model = Episode
    textes = {"Texte long": "texte_long"}
    fichier = "nom_origine"


formulaires.add(
    Formulaire(
        cle="episode",
        sequence=("Télécharger", "Texte long"),
        rubriques=("Télécharger",),
    ),
    reprise=EpisodeReprise,
)
