"""Who took part in the cooperative exploration, and what they bring and look for. For the staff."""

from django.db import models
from django.db.models.signals import pre_delete

from fiches.models import Choix, liste
from participants.models import AnomalieParticipant, Participant, leave_out


class Exploration(Participant):
    """A person's sheet of the exploration, as its form tells it; its title is their name.

    `accord_publication`: whether the person agreed that the site names them.
    """

    nom = models.CharField("nom", max_length=500)
    fonctions = models.TextField("fonctions", blank=True)
    structure = models.CharField("structure", max_length=500, blank=True)
    provenance = models.CharField("d’où je viens (adresse, ville)", max_length=500, blank=True)
    profils = models.ManyToManyField(**liste(Choix.Liste.PROFIL), verbose_name="profils")
    sujets = models.TextField("sujets que j’aimerais aborder, ce que j’aimerais y trouver", blank=True)
    expertises = models.TextField("expertises ou savoir-faire", blank=True)
    commentaire = models.TextField("commentaire", blank=True)
    courriel = models.CharField("courriel", max_length=254, blank=True)
    accord_publication = models.BooleanField("a accepté d’être nommé·e sur le site", default=False)

    cherches = ("nom", "structure", "provenance", "fonctions", "courriel")

    class Meta:
        verbose_name = "exploration"
        ordering = ["-cree_le", "-pk"]


pre_delete.connect(leave_out, sender=Exploration, dispatch_uid="exploration-ecartee")


class AnomalieExploration(AnomalieParticipant):
    participant = models.ForeignKey(
        Exploration, on_delete=models.CASCADE, related_name="anomalies", verbose_name="exploration"
    )

    class Meta(AnomalieParticipant.Meta):
        verbose_name = "anomalie d’exploration"
        verbose_name_plural = "anomalies d’explorations"
