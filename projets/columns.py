"""Columns of /projets.csv. `importer_projets` reads the same ones back."""

from fiches.colonnes import DEPARTEMENT_CODE, IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, texte
from socle.catalogue.colonnes import Column


def montant(projet) -> str:
    """Decimal point, two decimals; empty if unknown or zero."""
    return f"{projet.montant_eur:.2f}" if projet.montant_eur else ""


PROJET_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("collectivite"),
    DEPARTEMENT_CODE,
    Column("departement", lambda p: p.departement.nom if p.departement_id else ""),
    Column("region", lambda p: p.departement.region.nom if p.departement_id else ""),
    THEMES,
    Column("montant_eur", montant, numeric=True),
    texte("montant_source"),
    Column("remplace", lambda p: str(p.remplace_id or ""), numeric=True),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("description"),
    texte("objectifs"),
]
