"""What a sheet chooses from to say its subsidy, in the words of the national schema (projets/subventions.py)."""

from django.db import models


class NatureDeSubvention(models.TextChoices):
    """What a subsidy is made of."""

    NUMERAIRE = "aide en numéraire", "aide en numéraire"
    EN_NATURE = "aide en nature", "aide en nature"
    LES_DEUX = "aide en numéraire;aide en nature", "aide en numéraire et aide en nature"


class OuiNon(models.TextChoices):
    OUI = "oui", "oui"
    NON = "non", "non"
