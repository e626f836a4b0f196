"""What the lists keep: which public records hold which value of which facet."""

from django.db import models


class Bloc(models.Model):
    """The records of one block of 65 536 ids that hold one value, as a compressed bitmap (a Roaring one, serialised).

    `liste`: the list it is of. `facette`: a facet, a measure, or "" for the records themselves (ensembles.py). `rang`:
    id // 65 536, so that a save rewrites little. Written by blocs.py, in the transaction of the record.
    """

    liste = models.CharField(max_length=20)
    facette = models.CharField(max_length=40, blank=True)
    valeur = models.CharField(max_length=100)
    rang = models.PositiveIntegerField()
    bits = models.BinaryField()

    class Meta:
        verbose_name = "bloc de facette"
        verbose_name_plural = "blocs de facettes"
        constraints = [models.UniqueConstraint(fields=["liste", "rang", "facette", "valeur"], name="bloc_unique")]

    def __str__(self):
        return f"{self.liste}, {self.facette or 'fiches'} : {self.valeur}"


class ValeursDeFiche(models.Model):
    """What the blocs of a list say of one record, so that a save reads those alone in which something changes.

    `fiche`: its id. `valeurs`: [[facet, value], …] in JSON. A record that holds nothing has no row.
    """

    liste = models.CharField(max_length=20)
    fiche = models.PositiveBigIntegerField()
    valeurs = models.TextField()

    class Meta:
        verbose_name = "valeurs d’une fiche"
        verbose_name_plural = "valeurs des fiches"
        constraints = [models.UniqueConstraint(fields=["liste", "fiche"], name="valeurs_de_fiche_unique")]

    def __str__(self):
        return f"{self.liste}, fiche {self.fiche}"
