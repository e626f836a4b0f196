"""What visitors write to the persons of a record, or to the team. Never public."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone

from socle.annuaire.models import Entree
from socle.courrier.models import Courriel
from socle.vie_privee.consentement import Consentement
from socle.vie_privee.consultation import ConsultationDePersonnes


class Message(Consentement):
    """A message left on the site. Its state changes in `relais.py` alone.

    `entree`: the record it is about; None for one to the team. `doute`: why it waits for somebody to look at it.
    """

    class Etat(models.TextChoices):
        A_VERIFIER = "a-verifier", "à vérifier"
        TRANSMIS = "transmis", "transmis"
        TRAITE = "traite", "traité par l’équipe"
        ECARTE = "ecarte", "écarté"

    entree = models.ForeignKey(
        Entree, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name="fiche"
    )
    nom = models.CharField("nom", max_length=300)
    courriel = models.EmailField("adresse électronique")
    texte = models.TextField("message")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_VERIFIER)
    doute = models.CharField("à vérifier parce que", max_length=300, blank=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)
    transmis_le = models.DateTimeField("transmis le", null=True, blank=True)

    # The mails that it made leave with it.
    courriels = GenericRelation(Courriel, "sujet_id", "sujet_type")

    class Meta:
        verbose_name = "message"
        ordering = ["-recu_le", "-pk"]

    def __str__(self):
        return f"Message n° {self.pk}" if self.pk else "nouveau message"


class ReponseAMessage(models.Model):
    """What the team answered to a message. `envoi`: the mail, which the outbox forgets before the answer goes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reponses", verbose_name="message")
    texte = models.TextField("réponse")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)
    envoi = models.ForeignKey(Courriel, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="courriel")

    class Meta:
        verbose_name = "réponse à un message"
        verbose_name_plural = "réponses à des messages"
        ordering = ["le", "pk"]

    def __str__(self):
        return f"Réponse n° {self.pk}" if self.pk else "nouvelle réponse"


class ConsultationDeMessages(ConsultationDePersonnes):
    """That somebody of the staff read messages or took them away."""

    class Quoi(models.TextChoices):
        LISTE = "liste", "liste des messages"
        FICHE = "fiche", "un message"
        CSV = "csv", "export CSV"
        XLSX = "xlsx", "export XLSX"

    quoi = models.CharField("action", max_length=12, choices=Quoi)

    class Meta(ConsultationDePersonnes.Meta):
        verbose_name = "lecture de messages"
        verbose_name_plural = "lectures de messages"
