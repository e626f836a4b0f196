"""Columns of /projets.csv. `importer_projets` reads them back."""

from functools import cache

from fiches.columns import FAIT, IDENTIFIANT, LIEU, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL
from projets.models import replacements
from socle.catalogue.columns import Column


def montant(eur) -> str:
    """Decimal point, two decimals; empty if unknown or zero."""
    return f"{eur:.2f}" if eur else ""


def _replaced_by(model):
    """The project that counts in place of a replaced one. `replacements` is asked once a file."""
    known = cache(replacements)
    return ("pk",), lambda pk: str(known().get(pk, ""))


# Fields of the national schema of subsidies (subventions.py).
SCHEMA = (
    *("siret", "rna", "convention_le", "decision", "nature", "versement", "verse_le", "verse_jusqu_au"),
    *("notification_ue", "part_pourcent", "dispositif"),
)

PROJET_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    Column("collectivite", page=Column("collectivite", ("entree__lieu",))),
    *LIEU,
    Column("region", ("departement__region__nom",), titre="Région"),
    FAIT,
    THEMES,
    Column("montant_eur", ("montant_eur",), montant, numeric=True, titre="Montant (€)"),
    Column("montant_source"),
    Column("remplace", ("remplace_id",), lambda pk: str(pk or ""), numeric=True),
    Column("remplacee_par", made=_replaced_by, numeric=True, titre="Remplacée par la fiche"),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    Column("description"),
    Column("objectifs"),
    Column("suivi"),
    Column("engagements"),
    *map(Column, SCHEMA),
]
