"""Columns of /initiatives.csv."""

from fiches.catalogue.colonnes import Column
from fiches.colonnes import IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, choix, plusieurs, texte

INITIATIVE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("acteur"),
    choix("type_acteur"),
    texte("autre_acteur"),
    choix("echelle"),
    plusieurs("mots_cles"),
    texte("ville"),
    Column("departement_code", lambda i: i.departement_id or ""),
    THEMES,
    texte("lien"),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    *(texte(name) for name in ("description", "enjeux", "convictions", "methodologie", "realisations")),
    *(texte(name) for name in ("partenaires", "pour_aller_plus_loin")),
]
