"""Rows about the upkeep of records: rereading, links, imports, merges, hidden versions, dismissed doubles."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from socle.annuaire.models import Entree


class Veille(models.Model):
    """Who rereads a record, and how often; without a row, nobody, and the delay of its type. Never public.

    `rappels`: reminders in a row, the last at `rappelee_le`; a check starts the count again. fraicheur.py and
    rappels.py write it.
    """

    class Mois(models.IntegerChoices):
        TROIS = 3, "tous les trois mois"
        SIX = 6, "tous les six mois"
        DOUZE = 12, "tous les ans"
        VINGT_QUATRE = 24, "tous les deux ans"
        JAMAIS = 0, "jamais"

    entree = models.OneToOneField(Entree, on_delete=models.CASCADE, related_name="veille", verbose_name="fiche")
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="veilles",
        verbose_name="personne chargée de la relire",
    )
    mois = models.PositiveSmallIntegerField("à relire", choices=Mois, null=True, blank=True)
    rappels = models.PositiveSmallIntegerField("rappels", default=0)
    rappelee_le = models.DateTimeField("rappelée le", null=True, blank=True)

    class Meta:
        verbose_name = "veille sur une fiche"
        verbose_name_plural = "veilles sur des fiches"

    def __str__(self):
        return f"Veille sur la fiche {self.entree_id}"


class LienSortant(models.Model):
    """An address of another site in a public record, and whether it answered. dead_links.py writes it.

    `echecs`: failures in a row. `mort_le`: dead since. `constat`: what was found.
    """

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="liens_sortants", verbose_name="fiche")
    adresse = models.CharField("adresse", max_length=500)
    regarde_le = models.DateTimeField("regardé le", null=True)
    echecs = models.PositiveSmallIntegerField("échecs", default=0)
    constat = models.CharField("constat", max_length=100, blank=True)
    mort_le = models.DateTimeField("ne répond plus depuis le", null=True)

    class Meta:
        verbose_name = "lien sortant"
        verbose_name_plural = "liens sortants"
        constraints = [models.UniqueConstraint(fields=["entree", "adresse"], name="lien_sortant_unique")]

    def __str__(self):
        return self.adresse


class ImportEnAttente(models.Model):
    """A spreadsheet that an editor sent and has not confirmed, kept for a day (fiches/declaration.py).

    It may name persons. `empreinte`: fingerprint of the preview (RapportImport.empreinte), checked on confirmation.
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
    """Two records made one: what moved from the lost one to the kept one, to undo it.

    `deplaces`: {"app.model.column": keys of rows that pointed to the lost record}; no text, no name. Keys without a dot
    are for handlers of the merge.
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


class VersionMasquee(models.Model):
    """A version hidden from the public history. It never hides the record itself."""

    class Raison(models.TextChoices):
        PERSONNE = "personne", "elle nommait une personne, ou donnait ses coordonnées"
        MISE_EN_CAUSE = "mise-en-cause", "elle mettait quelqu’un en cause"
        ILLICITE = "illicite", "son contenu n’était pas licite"
        INDESIRABLE = "indesirable", "son contenu était indésirable"

    entree = models.ForeignKey(Entree, on_delete=models.CASCADE, related_name="versions_masquees", verbose_name="fiche")
    version = models.PositiveIntegerField("version")
    raison = models.CharField("raison, que la page donne", max_length=20, choices=Raison)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version masquée"
        verbose_name_plural = "versions masquées"
        constraints = [models.UniqueConstraint(fields=["entree", "version"], name="version_masquee_unique")]

    def __str__(self):
        return f"Version {self.version} de la fiche {self.entree_id}"


class PasDoublon(models.Model):
    """Two records that an editor said are not doubles. `premiere` has the smaller key."""

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
