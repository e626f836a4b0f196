"""Columns of /podcast.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, lien_fichier, nombre, texte

EPISODE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    nombre("numero"),
    nombre("duree_secondes", titre="Durée (secondes)"),
    lien_fichier(),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("texte_long"),
    texte("transcription"),
]
