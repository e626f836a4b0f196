"""Episodes of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.podcast.models import Episode
from reprise import formulaires
from reprise.fields import RepriseFiche, one_line
from reprise.formulaires import Formulaire


class EpisodeReprise(RepriseFiche):
    model = Episode
    textes = {"Texte long": "texte_long"}

    autres = {RepriseFiche.fichiers: ("nom_origine",)}

    def read_more(self, lue, said, valeurs, claimed):
        """Sources name files and hold none: `nom_origine` keeps the name by which one can be attached."""
        valeurs.champs["nom_origine"] = next((one_line(nom, 300) for nom in valeurs.fichiers), "")


formulaires.add(
    Formulaire(
        cle="episode",
        labels=("Texte long",),
        rubriques=("Télécharger",),
    ),
    reprise=EpisodeReprise,
)
