"""Columns of /podcast.csv."""

from fiches.columns import FAIT, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, lien_fichier
from fiches.podcast.models import etat
from socle.catalogue.columns import Column

EPISODE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    Column("numero"),
    Column("duree_secondes", titre="Durée (secondes)"),
    Column("etat", ("fichier",), etat, titre="État de l’enregistrement"),
    lien_fichier(),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    Column("texte_long"),
    Column("transcription"),
]
