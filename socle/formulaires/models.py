"""What a public form remembers for a day or two."""

from django.db import models


class Comptage(models.Model):
    """How often something happened, a post among it: `empreinte` is its digest, `jour` the last day to remember it."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    jour = models.DateField("jour", db_index=True)
    nombre = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "comptage"

    def __str__(self):
        return f"Comptage n° {self.pk}"
