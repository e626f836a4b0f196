"""What visitors write to the persons of a record or to the team, the errors they see, their votes. Never public."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from participants.models import Sollicitation
from socle.annuaire.models import Entree
from socle.courrier.models import Courriel
from socle.vie_privee.consentement import Consentement


class EcritDeVisiteur(Sollicitation):
    """What a visitor wrote, mostly about a record: `entree`."""

    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)

    class Meta:
        abstract = True
        ordering = ["-recu_le", "-pk"]

    @property
    def entree_publique(self) -> Entree | None:
        """The public record that it is about, merged or not; None once there is none."""
        return self.entree and self.entree.shown()


class Message(EcritDeVisiteur, Consentement):
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
    transmis_le = models.DateTimeField("transmis le", null=True, blank=True)

    class Meta(EcritDeVisiteur.Meta):
        verbose_name = "message"


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


class Signalement(EcritDeVisiteur):
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
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    class Meta(EcritDeVisiteur.Meta):
        verbose_name = "signalement"


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
