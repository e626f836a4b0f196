"""Episodes: the labels of the old form, in its order, and how its fields become ours."""

from fiches.podcast.models import Episode
from reprise import formulaires
from reprise.fields import Formulaire, Libelle


@formulaires.add
class EpisodeReprise(Formulaire):
    cle = "episode"
    model = Episode
    libelles = {"Télécharger": Libelle(genre="rubrique"), "Texte long": Libelle("texte_long")}
    fichier = "nom_origine"
