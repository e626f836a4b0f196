"""Columns of /podcast.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, nombre, texte
from socle.catalogue.columns import Column
from socle.medias.fichiers import address

EPISODE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    nombre("numero"),
    nombre("duree_secondes"),
    Column("fichier_url", lambda episode: address(episode.fichier)),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("texte_long"),
    texte("transcription"),
]
