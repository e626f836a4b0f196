"""What a public form remembers for a day: posts already taken, and counts of the day (vie_privee/empreintes.py)."""

from django.db import models
from django.utils import timezone


class Comptage(models.Model):
    """How often something happened in a span of a day: `empreinte` is a digest under the key of that day."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    jour = models.DateField("jour", db_index=True)
    nombre = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "comptage"

    def __str__(self):
        return f"Comptage n° {self.pk}"


class Envoi(models.Model):
    """A post that was taken: the same one again (a double click) is not another."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "envoi reçu"
        verbose_name_plural = "envois reçus"

    def __str__(self):
        return f"Envoi n° {self.pk}"
