"""What public forms remember for a day or two."""

from django.db import models


class Comptage(models.Model):
    """A count of one kind of event. `empreinte`: digest of what is counted; `jour`: last day to keep it."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    jour = models.DateField("jour", db_index=True)
    nombre = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "comptage"

    def __str__(self):
        return f"Comptage n° {self.pk}"
