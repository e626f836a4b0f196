"""Columns of /projets.csv. `importer_projets` reads the same ones back."""

from fiches.columns import FAIT, IDENTIFIANT, LIEU, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, texte
from projets.models import Projet
from socle.catalogue.columns import Column
from socle.francais.valeurs import FILE, as_words


def montant(projet) -> str:
    """Decimal point, two decimals; empty if unknown or zero."""
    return as_words(Projet._meta.get_field("montant_eur"), projet.montant_eur or None, FILE)


PROJET_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    texte("collectivite"),
    *LIEU,
    Column("region", lambda p: p.departement.region.nom if p.departement_id else "", titre="Région"),
    FAIT,
    THEMES,
    Column("montant_eur", montant, numeric=True, titre="Montant (€)"),
    texte("montant_source"),
    Column("remplace", lambda p: str(p.remplace_id or ""), numeric=True),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("description"),
    texte("objectifs"),
]
