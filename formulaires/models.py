"""What a public form remembers for a day: posts already taken, and counts under a key that is thrown away."""

import secrets

from django.db import models
from django.utils import timezone


def new_key() -> str:
    return secrets.token_hex(32)


class CleDuJour(models.Model):
    """The secret of a day. Without it, the counts of that day name nobody; it goes with them the day after."""

    jour = models.DateField("jour", primary_key=True)
    secret = models.CharField("secret", max_length=64, default=new_key)

    class Meta:
        verbose_name = "clé du jour"
        verbose_name_plural = "clés du jour"

    def __str__(self):
        return f"Clé du {self.jour}"


class Compte(models.Model):
    """How often something happened in a span of a day: `empreinte` is a digest under the key of that day."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    jour = models.DateField("jour", db_index=True)
    nombre = models.PositiveIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "compte"

    def __str__(self):
        return f"Compte n° {self.pk}"


class Envoi(models.Model):
    """A post that was taken: the same one again (a double click) is not another."""

    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "envoi reçu"
        verbose_name_plural = "envois reçus"

    def __str__(self):
        return f"Envoi n° {self.pk}"
