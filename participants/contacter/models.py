"""Messages of visitors to persons of a record or to the team, reported errors, votes. Never public."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from participants.models import Sollicitation
from socle.annuaire.models import Entree
from socle.courrier.models import Courriel
from socle.vie_privee.consentement import Consentement


class EcritDeVisiteur(Sollicitation):
    """A text of a visitor, mostly about a record: `entree`."""

    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)

    class Meta:
        abstract = True
        ordering = ["-recu_le", "-pk"]

    @property
    def entree_publique(self) -> Entree | None:
        """The public record, followed through merges; None if there is none."""
        return self.entree and self.entree.shown()


class Message(EcritDeVisiteur, Consentement):
    """A message left on the site. `relais.py` alone changes its state.

    `entree`: the record it is about, None for the team. `doute`: why somebody must look at it first.
    """

    si_effacee = "Ce message a été effacé."

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
    """An answer of the team. `envoi`: its mail, which the outbox erases earlier."""

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
    """An error that a visitor saw in a record; an answer closes it. `erreurs.py` alone changes its state.

    `partie`: in the words of the page at that time; empty for the whole record. `courriel`: only to answer; nobody
    confirmed it.
    """

    si_effacee = "Ce signalement a été effacé."

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
    """How many visitors said, in a month, that a page served them or not. The row names nobody."""

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
