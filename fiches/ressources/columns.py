"""Columns of /ressources.csv."""

from fiches.catalogue.colonnes import Column
from fiches.colonnes import IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, plusieurs, texte
from fiches.medias import address

RESSOURCE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("source"),
    plusieurs("types"),
    plusieurs("thematiques"),
    THEMES,
    texte("lien"),
    Column("fichier_url", lambda ressource: address(ressource.fichier)),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
