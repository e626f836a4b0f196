"""Columns of /ressources.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, champ, lien_fichier, texte

RESSOURCE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("source"),
    champ("types"),
    champ("thematiques"),
    FAIT,
    THEMES,
    texte("lien"),
    lien_fichier(),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
]
