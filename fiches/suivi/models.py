"""Work of editors on records: a spreadsheet that waits, two records made one, pairs that may be one, or are none."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from socle.annuaire.models import Entree


class ImportEnAttente(models.Model):
    """A spreadsheet that an editor has sent and not confirmed yet: kept as it came, with the names
    that texts hold as they were written: a day at most (fiches/declaration.py).

    `empreinte`: what the preview said of it (RapportImport.empreinte), which the confirmation must find again.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="par")
    type = models.CharField("type", max_length=20)
    nom = models.CharField("nom du fichier", max_length=200)
    contenu = models.BinaryField("contenu")
    empreinte = models.CharField("empreinte", max_length=64)
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "import en attente"
        verbose_name_plural = "imports en attente"

    def __str__(self):
        return self.nom


class Fusion(models.Model):
    """Two records made one: what moved from the lost one to the kept one, so that it can be undone.

    `deplaces`: {"app.model.column": keys of the rows that pointed to the lost record}; no text, no name.
    """

    perdue = models.OneToOneField(
        Entree, on_delete=models.CASCADE, related_name="fusion", verbose_name="fiche fusionnée"
    )
    gardee = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="fiche gardée")
    statut = models.CharField("état de la fiche fusionnée", max_length=10)
    version = models.PositiveIntegerField("version de la fiche gardée avant la fusion")
    deplaces = models.JSONField("lignes déplacées", default=dict)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "fusion"

    def __str__(self):
        return f"{self.perdue} → {self.gardee}"


class PasDoublon(models.Model):
    """Two records of which an editor said that neither doubles the other. `premiere` has the smaller key."""

    premiere = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="première fiche")
    seconde = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="seconde fiche")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "paire sans doublon"
        verbose_name_plural = "paires sans doublon"
        constraints = [models.UniqueConstraint(fields=["premiere", "seconde"], name="pas_doublon_unique")]

    def __str__(self):
        return f"{self.premiere_id}, {self.seconde_id}"


class CleDeDoublon(models.Model):
    """What a record shares with those that may double it, as a number. Kept by doublons.py alone, as are the pairs."""

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="fiche")
    cle = models.BigIntegerField("clé")

    class Meta:
        verbose_name = "clé de doublon"
        verbose_name_plural = "clés de doublon"
        constraints = [models.UniqueConstraint(fields=["cle", "entree"], name="cle_de_doublon_unique")]

    def __str__(self):
        return f"{self.entree_id}, {self.cle}"


class PairePossible(models.Model):
    """Two records of one type that may double one another, and why. `premiere` has the smaller key."""

    type = models.CharField("type", max_length=20)
    premiere = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="première fiche")
    seconde = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="+", verbose_name="seconde fiche")
    raisons = models.CharField("raisons", max_length=100)

    class Meta:
        verbose_name = "doublon possible"
        verbose_name_plural = "doublons possibles"
        constraints = [models.UniqueConstraint(fields=["type", "premiere", "seconde"], name="paire_possible_unique")]

    def __str__(self):
        return f"{self.premiere_id}, {self.seconde_id} : {self.raisons}"
