"""Episodes of the old site: the labels of their form, in its order, and how its fields become ours."""

from functools import cached_property

from fiches import registre
from fiches.podcast.models import Episode
from fiches.registre import Formulaire
from fiches.reprise import RepriseFiche, one_line


class EpisodeReprise(RepriseFiche):
    model = Episode
    textes = {"Texte long": "texte_long"}

    @cached_property
    def there(self) -> set[str]:
        """Old names of the files that episodes hold already. Asked once, after demo records have left."""
        return set(Episode.objects.exclude(fichier="").values_list("nom_origine", flat=True))

    def read_more(self, lue, said, valeurs, claimed):
        names = [one_line(nom, 300) for nom in valeurs.fichiers]
        valeurs.champs["nom_origine"] = next(iter(names), "")
        valeurs.anomalies += [("fichier_manquant", self.fichiers, nom) for nom in names if nom not in self.there]

    def attach(self, fiche, valeurs):
        """The dump names files and holds none: `nom_origine` keeps the name by which one can be attached."""


registre.add_formulaire(
    Formulaire(
        cle="episode",
        labels=("Texte long",),
        rubriques=("Télécharger",),
    ),
    reprise=EpisodeReprise,
)
