"""Columns of /ressources.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, lien_fichier, named
from socle.catalogue.columns import Column

RESSOURCE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    named("source"),
    Column("types"),
    Column("thematiques"),
    FAIT,
    THEMES,
    Column("lien"),
    lien_fichier(),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
