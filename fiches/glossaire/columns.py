"""Columns of /glossaire.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, texte
from socle.catalogue.columns import Column

TERME_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    Column(
        "variantes",
        lambda terme: " | ".join(terme.variantes_affichees),
    ),
    Column("etat", lambda terme: terme.etat, titre="État de la définition"),
    texte("definition"),
    texte("references"),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
