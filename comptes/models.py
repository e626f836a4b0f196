"""Accounts of the staff; readers need none."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class Utilisateur(AbstractUser):
    """A member of the staff. Its own model from the first migration, so that it can grow without moving data.

    `ferme_le`: since when it is not active: what is kept of it starts to count there.
    """

    ferme_le = models.DateTimeField("fermé le", null=True, editable=False)

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        permissions = [("publier", "publier et retirer des fiches")]

    def save(self, *args, **kwargs):
        closed = None if self.is_active else self.ferme_le or timezone.now()
        if closed != self.ferme_le:
            self.ferme_le = closed
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "ferme_le"}
        super().save(*args, **kwargs)
