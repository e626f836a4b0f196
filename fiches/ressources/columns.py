"""Columns of /ressources.csv."""

from fiches.columns import IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, plusieurs, texte
from socle.catalogue.columns import Column
from socle.medias.fichiers import address

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
