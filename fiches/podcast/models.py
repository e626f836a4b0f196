"""Episodes of the podcast: a recording and its texts."""

import re

from django.db import models

from fiches.models import Fiche
from fiches.podcast.duree import en_lettres
from socle.medias.champs import FichierField
from socle.medias.depot import AUDIO
from socle.medias.fichiers import describe

# « Episode n°1 - Une coopérative », « Épisode 12 : Aller vers »
_TITRE = re.compile(r"[eé]pisode\s+(?:n\s*[°ºo]?\s*)?(?P<numero>[0-9]{1,4})\s*[-–—:.]\s*(?P<titre>\S.*)", re.IGNORECASE)


A_ECOUTER_BIENTOT = "à écouter bientôt"


def etat(fichier: str) -> str:
    """« à écouter » or « à écouter bientôt »."""
    return "à écouter" if fichier else A_ECOUTER_BIENTOT


def split_titre(titre: str) -> tuple[int | None, str]:
    """« Episode n°1 - Une coopérative d'accès aux droits » → (1, "Une coopérative d'accès aux droits")."""
    match = _TITRE.fullmatch(titre.strip())
    return (int(match["numero"]), match["titre"]) if match else (None, titre)


class Episode(Fiche):
    """Fields follow the form. A title that repeats the number is shown without it."""

    numero = models.PositiveSmallIntegerField(
        "numéro", null=True, blank=True, help_text="Pris dans le titre s’il en porte un : « Episode n°1 - … »."
    )
    fichier = FichierField("fichier audio", upload_to="podcast/", max_length=255, blank=True, depot=AUDIO)
    nom_origine = models.CharField("nom du fichier sur l’ancien site", max_length=300, blank=True)
    duree_secondes = models.PositiveIntegerField("durée", null=True, blank=True)
    texte_long = models.TextField("texte long", blank=True)
    transcription = models.TextField(
        "transcription", blank=True, help_text="Qui parle, ce qui se dit, et les sons qui comptent."
    )

    textes = ("texte_long", "transcription")

    textes_prives = ("nom_origine",)

    class Meta:
        verbose_name = "épisode"
        ordering = ["-numero", "-pk"]
        indexes = [models.Index(fields=["fichier"], name="episode_fichier")]  # read at each /media/ request

    @property
    def titre_affiche(self):
        return self.heading(split_titre(self.titre)[1])

    @property
    def lieu_affiche(self):
        return "" if self.numero is None else f"Épisode {self.numero}"

    @property
    def inachevee(self):
        return "" if self.fichier else A_ECOUTER_BIENTOT

    @property
    def designation(self):
        """Its name in links and players: « l’épisode 1, Une coopérative d'accès aux droits »."""
        return " ".join(("l’épisode", *([] if self.numero is None else [f"{self.numero},"]), self.titre_affiche))

    @property
    def duree(self):
        return en_lettres(self.duree_secondes)

    @property
    def audio(self):
        """« MP3, 21 Mo, 21 min 24 s »; "" without a file."""
        fichier = describe(self.fichier)
        return ", ".join(filter(None, (fichier, self.duree))) if fichier else ""

    def derive(self, before):
        numero, _ = split_titre(self.titre)
        if numero is not None:
            self.numero = numero
