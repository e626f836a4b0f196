"""Columns of /glossaire.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL
from fiches.glossaire.models import etat, formes
from socle.catalogue.columns import Column

TERME_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    Column("variantes", ("variantes",), formes, several=True),
    Column("etat", ("definition",), etat, titre="État de la définition"),
    Column("definition"),
    Column("references"),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
