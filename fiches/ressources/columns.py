"""Columns of /ressources.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, champ, texte
from socle.catalogue.columns import Column
from socle.medias.fichiers import address

RESSOURCE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("source"),
    champ("types"),
    champ("thematiques"),
    FAIT,
    THEMES,
    texte("lien"),
    Column("fichier_url", lambda ressource: address(ressource.fichier)),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
