"""The mail outbox and the links in mails. A mail is written in the transaction of what it tells.

A mail holds a person's address: `__str__` is only a number. It is deleted with its subject (`sujet`), if that model is
an `AvecCourriels` or has `courriels = GenericRelation(Courriel, "sujet_id", "sujet_type")`.
"""

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Etat(models.TextChoices):
    EN_FILE = "en-file", "en file"
    EN_COURS = "en-cours", "en cours d’envoi"
    A_REESSAYER = "a-reessayer", "à réessayer"
    EN_ECHEC = "en-echec", "en échec"
    ENVOYE = "envoye", "envoyé"
    ABANDONNE = "abandonne", "abandonné"


# States to send. EN_COURS with its time past: its sender died.
A_ENVOYER = (Etat.EN_FILE, Etat.A_REESSAYER, Etat.EN_COURS)


class CourrielQuerySet(models.QuerySet):
    def waiting(self):
        """Mails neither sent nor given up."""
        return self.filter(etat__in=A_ENVOYER)

    def due(self):
        """Mails to send now, the longest due first."""
        return self.waiting().filter(prochain_essai__lte=timezone.now()).order_by("prochain_essai", "pk")

    def failing(self):
        """Mails that still wait after at least one failure."""
        return self.waiting().filter(Courriel.RETENU)

    def given_up(self):
        """Mails given up by the site, not settled at the desk."""
        return self.filter(etat=Etat.EN_ECHEC)

    def since(self, moment):
        """Mails whose last try is not older: a try writes the end of its lease into `prochain_essai`."""
        return self.filter(prochain_essai__gte=moment)


class Courriel(models.Model):
    """A mail to one person. `outbox` deposits it, `manage.py envoyer_courriels` sends it."""

    destinataire = models.EmailField("destinataire")
    repondre_a = models.EmailField("répondre à", blank=True)
    # Where a person stops such mails; mail readers show a button (RFC 8058).
    desabonnement = models.URLField("adresse de désabonnement", max_length=300, blank=True)
    objet = models.CharField("objet", max_length=250)
    texte = models.TextField("texte")
    html = models.TextField("version HTML")
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.EN_FILE)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai = models.DateTimeField("prochain essai", default=timezone.now)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    erreur = models.TextField("dernière erreur", blank=True)
    cle = models.CharField("clé", max_length=200, blank=True, help_text="Deux dépôts de même clé : un courriel.")
    message_id = models.CharField("identifiant du message", max_length=250, unique=True)
    sujet_type = models.ForeignKey(ContentType, models.CASCADE, null=True, blank=True, verbose_name="type de l’objet")
    sujet_id = models.PositiveBigIntegerField("numéro de l’objet", null=True, blank=True)
    sujet = GenericForeignKey("sujet_type", "sujet_id")
    cree_le = models.DateTimeField("déposé le", default=timezone.now)
    # For a digest: its writer's key (socle/courrier/composition.py), and the rows to tell of.
    composition = models.CharField("écrit au départ par", max_length=40, blank=True)
    donnees = models.JSONField("ce dont il parlera", null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    # A waiting mail that failed; tried again at the desk, it starts anew.
    RETENU = Q(essais__gte=1) & ~Q(erreur="")

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index("prochain_essai", "id", condition=Q(etat__in=A_ENVOYER), name="courriel_a_envoyer"),
            models.Index("prochain_essai", condition=Q(etat=Etat.EN_ECHEC), name="courriel_en_echec"),
            models.Index("sujet_type", "sujet_id", name="courriel_sujet"),
            models.Index("etat", "cree_le", "essais", name="courriel_etat"),
        ]
        constraints = [models.UniqueConstraint("cle", condition=~Q(cle=""), name="courriel_cle_unique")]

    def __str__(self):
        return f"Courriel n° {self.pk}" if self.pk else "nouveau courriel"


class PieceJointe(models.Model):
    courriel = models.ForeignKey(Courriel, models.CASCADE, related_name="pieces", verbose_name="courriel")
    nom = models.CharField("nom", max_length=100)
    type = models.CharField("type", max_length=100)
    contenu = models.BinaryField("contenu")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self):
        return f"Pièce n° {self.pk}" if self.pk else "nouvelle pièce"


class LienQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(expire_le__gt=timezone.now())


class Lien(models.Model):
    """A mailed link. Only its token's digest is kept."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    usage = models.CharField("usage", max_length=50)
    sujet_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name="type de l’objet")
    sujet_id = models.PositiveBigIntegerField("numéro de l’objet")
    sujet = GenericForeignKey("sujet_type", "sujet_id")
    cree_le = models.DateTimeField("créé le", default=timezone.now)
    expire_le = models.DateTimeField("expire le", db_index=True)

    objects = LienQuerySet.as_manager()

    class Meta:
        verbose_name = "lien"
        verbose_name_plural = "liens"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index("sujet_type", "sujet_id", name="lien_sujet")]

    def __str__(self):
        return f"Lien n° {self.pk}" if self.pk else "nouveau lien"


class AvecCourriels(models.Model):
    """A subject of mails and links, which are deleted with it."""

    courriels = GenericRelation(Courriel, "sujet_id", "sujet_type")
    liens = GenericRelation(Lien, "sujet_id", "sujet_type")

    class Meta:
        abstract = True
