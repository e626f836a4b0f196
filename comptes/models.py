"""Accounts of the staff; readers need none."""

from django.contrib.auth.models import AbstractUser


class Utilisateur(AbstractUser):
    """A member of the staff. Its own model from the first migration, so that it can grow without moving data."""

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        permissions = [("publier", "publier et retirer des fiches")]
