"""Choices of the national schema of subsidies, in its words (projets/subventions.py)."""

from django.db import models


class NatureDeSubvention(models.TextChoices):
    NUMERAIRE = "aide en numéraire", "aide en numéraire"
    EN_NATURE = "aide en nature", "aide en nature"
    LES_DEUX = "aide en numéraire;aide en nature", "aide en numéraire et aide en nature"


class OuiNon(models.TextChoices):
    OUI = "oui", "oui"
    NON = "non", "non"
