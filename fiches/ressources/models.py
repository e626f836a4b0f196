"""Resources shared by readers: a link or a file, and its source."""

from django.db import models

from fiches.choice_lists import Choix, liste
from fiches.models import Fiche
from socle.francais.prose import site_of
from socle.medias.champs import FichierField
from socle.medias.depot import DOCUMENT
from socle.medias.fichiers import describe
from socle.vie_privee.public_text import beyond_masks


class Ressource(Fiche):
    """Fields follow the form. The depositor is a Contact."""

    source = models.TextField("source", blank=True, help_text="Qui l’a publiée : organisation, site, ouvrage.")
    types = models.ManyToManyField(**liste(Choix.Liste.TYPE_RESSOURCE), verbose_name="type de ressource")
    thematiques = models.ManyToManyField(**liste(Choix.Liste.THEMATIQUE), verbose_name="thématique de la ressource")
    lien = models.URLField("lien", max_length=500, blank=True)
    fichier = FichierField("fichier", upload_to="ressources/%Y/", max_length=255, blank=True, depot=DOCUMENT)
    nom_origine = models.CharField("nom du fichier sur l’ancien site", max_length=300, blank=True)

    textes_prives = ("nom_origine",)

    class Meta:
        verbose_name = "ressource"
        ordering = ["titre", "pk"]
        indexes = [models.Index(fields=["fichier"], name="ressource_fichier")]  # read at each /media/ request

    @property
    def lieu_affiche(self):
        return beyond_masks(" ".join(self.source.split()))

    @property
    def porteur_affiche(self):
        return self.lieu_affiche

    @property
    def mots_affiches(self):
        return [choix.nom for choix in (*self.types.all(), *self.thematiques.all())]

    @property
    def site(self):
        """The name of the link's site."""
        return site_of(self.lien)

    @property
    def document_affiche(self):
        """« PDF, 420 Ko »; "" without a file."""
        return describe(self.fichier)
