"""The rows of the change log, and the counter that numbers them. Only writing.py writes them."""

from django.db import models


class Nature(models.TextChoices):
    """What happened. Without a record, RETIREE means that keys which records hold have changed."""

    PUBLIEE = "publiee", "publiée"
    MODIFIEE = "modifiee", "modifiée"
    RETIREE = "retiree", "retirée"


class Ligne(models.Model):
    """One change that a public page may show, without title, address or person.

    `jeton` is random: a restored copy may have another row of this number.
    """

    numero = models.BigIntegerField("numéro", primary_key=True)
    jeton = models.BigIntegerField()
    #: Key of a record type; else a kind of what is no record: a theme, a place, a page.
    type = models.CharField("type", max_length=20)
    #: The record, maybe deleted; None if the change is of no record.
    entree = models.BigIntegerField("fiche", null=True)
    nature = models.CharField("nature", max_length=10, choices=Nature)
    #: The record into which this one was merged.
    vers = models.BigIntegerField("fusionnée dans", null=True)
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "changement"
        ordering = ["numero"]
        indexes = [
            models.Index("type", "nature", "numero", name="journal_par_type"),
            models.Index("entree", "numero", name="journal_par_fiche"),
            models.Index("le", name="journal_par_date"),
        ]

    def __str__(self):
        return f"{self.numero} : {self.type} {self.entree or ''}"


class Compteur(models.Model):
    """The last number given, and its time: one row, locked by its writer until the commit.

    So rows are committed in order: whoever sees a row sees all rows before it.
    """

    numero = models.BigIntegerField()
    le = models.DateTimeField()

    class Meta:
        verbose_name = "compteur des changements"
        verbose_name_plural = "compteurs des changements"

    def __str__(self):
        return str(self.numero)
