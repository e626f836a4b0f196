"""Columns of /indemnisation.csv."""

from fiches.columns import (
    FAIT,
    IDENTIFIANT,
    LIEU,
    MODIFIEE_LE,
    PUBLIEE_LE,
    THEMES,
    TITRE,
    URL,
    champ,
    nombre,
    texte,
)
from fiches.enquetes.models import Enquete
from socle.catalogue.columns import Column
from socle.francais.valeurs import FILE


def approchee(enquete: Enquete) -> str:
    """Whether the position is only that of the commune; nothing without a position."""
    if enquete.latitude is None:
        return ""
    return "oui" if enquete.position_approchee else "non"


ENQUETE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("structure"),
    texte("adresse"),
    *LIEU,
    nombre("latitude"),
    nombre("longitude"),
    Column("position_approchee", approchee),
    Column("indemnites", lambda enquete: FILE.between.join(enquete.indemnites.splitlines())),
    champ("modes_reconnaissance"),
    champ("types_organisation"),
    champ("echelle"),
    champ("niveau"),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    *(texte(name) for name in Enquete.textes),
]
