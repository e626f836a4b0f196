"""Who registered for an event. Never public."""

from django.db import models
from django.db.models.signals import pre_delete

from participants.evenements.models import Evenement
from participants.models import AnomalieParticipant, Participant, leave_out


class Inscription(Participant):
    """A registration, as its form tells it.

    `consentement`: whether a proof of consent is kept; the old site kept none. An event that holds registrations is not
    deleted: erasing a person is decided for itself, since the takeover never brings them back.
    """

    class Statut(models.TextChoices):
        INSCRITE = "inscrite", "inscrite"
        ANNULEE = "annulee", "annulée"

    evenement = models.ForeignKey(
        Evenement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inscriptions",
        verbose_name="événement",
    )
    prenom = models.CharField("prénom", max_length=200)
    nom = models.CharField("nom", max_length=200, blank=True)
    organisation = models.CharField("organisation", max_length=300, blank=True)
    courriel = models.CharField("courriel", max_length=254, blank=True, help_text="Tel que la personne l’a écrit.")
    journee_entiere = models.BooleanField("présent·e toute la journée", null=True, blank=True)
    commentaire = models.TextField("commentaire libre", blank=True)
    consentement = models.BooleanField("consentement conservé", default=False)
    statut = models.CharField("état", max_length=10, choices=Statut, default=Statut.INSCRITE)

    cherches = ("nom", "prenom", "organisation", "courriel")

    class Meta:
        verbose_name = "inscription"
        ordering = ["-cree_le", "-pk"]


pre_delete.connect(leave_out, sender=Inscription, dispatch_uid="inscription-ecartee")


class AnomalieInscription(AnomalieParticipant):
    participant = models.ForeignKey(
        Inscription, on_delete=models.CASCADE, related_name="anomalies", verbose_name="inscription"
    )

    class Meta(AnomalieParticipant.Meta):
        verbose_name = "anomalie d’inscription"
        verbose_name_plural = "anomalies d’inscriptions"
