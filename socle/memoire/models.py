"""The version of the data: what changes whenever they do."""

from django.db import models


class VersionDeDonnees(models.Model):
    """A token of what `nom` stands for, which each change of it replaces by another at random, in its transaction.

    Written by the database itself (triggers.py), whatever wrote the data. At random rather than by one more: a token
    of a transaction that was rolled back, or of a copy that was restored, is never met again with other data. On
    PostgreSQL a name may have several rows, so that no writer waits for another: its version is all of them.
    """

    nom = models.CharField(max_length=40, db_index=True)
    jeton = models.BigIntegerField()

    class Meta:
        verbose_name = "version des données"
        verbose_name_plural = "versions des données"

    def __str__(self):
        return self.nom
