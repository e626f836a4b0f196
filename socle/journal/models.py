"""The rows of the change log, and the counter that numbers them. Written by writing.py alone."""

from django.db import models


class Nature(models.TextChoices):
    """What happened. Of what is no record, RETIREE says that keys which records hold are no more what they were."""

    PUBLIEE = "publiee", "publiée"
    MODIFIEE = "modifiee", "modifiée"
    RETIREE = "retiree", "retirée"


class Ligne(models.Model):
    """One change that a public page may show. It holds neither title, nor address, nor person.

    `jeton`, at random, tells this row from another of the same number, which a copy that was restored may bring.
    """

    numero = models.BigIntegerField("numéro", primary_key=True)
    jeton = models.BigIntegerField()
    #: Key of a record type, or what kind of thing it is that no record is: a theme, a place, a page.
    type = models.CharField("type", max_length=20)
    #: The record, which may be gone; None for what is no record.
    entree = models.BigIntegerField("fiche", null=True)
    nature = models.CharField("nature", max_length=10, choices=Nature)
    #: The record that this one was merged into.
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
    """The last number that was given, and when: one row, which a writer holds until it commits.

    So rows are committed in the order of their numbers, and a reader who has one has all that came before.
    """

    numero = models.BigIntegerField()
    le = models.DateTimeField()

    class Meta:
        verbose_name = "compteur des changements"
        verbose_name_plural = "compteurs des changements"

    def __str__(self):
        return str(self.numero)
