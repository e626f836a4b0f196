"""What visitors write to the persons of a record or to the team, the errors they see, their votes. Never public."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone

from socle.annuaire.models import Entree
from socle.courrier.models import Courriel
from socle.vie_privee.consentement import Consentement


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


class Signalement(models.Model):
    """An error that a visitor saw in a record: what staff answer closes it. Its state changes in `erreurs.py` alone.

    `partie`: what of the record, in the words of its page then; empty for all of it. `courriel` is used to answer and
    for nothing else, and nobody has confirmed it.
    """

    class Etat(models.TextChoices):
        RECU = "recu", "reçu"
        EN_COURS = "en-cours", "en cours"
        CORRIGE = "corrige", "corrigé"
        SANS_SUITE = "sans-suite", "sans suite"

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="signalements", verbose_name="fiche")
    partie = models.CharField("partie de la fiche", max_length=200, blank=True)
    texte = models.TextField("ce qui ne va pas")
    courriel = models.EmailField("adresse électronique", blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.RECU)
    doute = models.CharField("à regarder parce que", max_length=300, blank=True)
    reponse = models.TextField("réponse", blank=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    courriels = GenericRelation(Courriel, "sujet_id", "sujet_type")

    class Meta:
        verbose_name = "signalement"
        ordering = ["-recu_le", "-pk"]

    def __str__(self):
        return f"Signalement n° {self.pk}" if self.pk else "nouveau signalement"


OUVERTS = (Signalement.Etat.RECU, Signalement.Etat.EN_COURS)


class AvisDuMois(models.Model):
    """How many visitors said in a month that the page of a record served them, or did not: numbers, of nobody."""

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="avis", verbose_name="fiche")
    mois = models.DateField("mois")  # its first day
    oui = models.PositiveIntegerField("oui", default=0)
    non = models.PositiveIntegerField("non", default=0)

    class Meta:
        verbose_name = "avis d’un mois"
        verbose_name_plural = "avis par mois"
        constraints = [models.UniqueConstraint(fields=["entree", "mois"], name="avis_du_mois_unique")]

    def __str__(self):
        return f"Fiche {self.entree_id}, {self.mois:%Y-%m} : {self.oui} oui, {self.non} non"
