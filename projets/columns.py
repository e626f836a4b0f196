"""Columns of /projets.csv. `importer_projets` reads the same ones back."""

from django.conf import settings

from fiches.catalogue.colonnes import Column
from fiches.texte import masquer_courriels


def montant(projet) -> str:
    """Decimal point, two decimals; empty if unknown or zero."""
    return f"{projet.montant_eur:.2f}" if projet.montant_eur else ""


def moment(value) -> str:
    """ISO 8601 with its offset, to the microsecond: what a later import compares."""
    return value.isoformat() if value else ""


PROJET_COLUMNS = [
    Column("identifiant", lambda p: str(p.pk), numeric=True),
    Column("titre", lambda p: p.titre),
    Column("collectivite", lambda p: p.collectivite),
    Column("departement_code", lambda p: p.departement_id or ""),
    Column("departement", lambda p: p.departement.nom if p.departement_id else ""),
    Column("region", lambda p: p.departement.region.nom if p.departement_id else ""),
    Column("themes", lambda p: " | ".join(theme.nom for theme in p.themes.all())),
    Column("montant_eur", montant, numeric=True),
    Column("montant_source", lambda p: p.montant_source),
    Column("remplace", lambda p: str(p.remplace_id or ""), numeric=True),
    Column("publiee_le", lambda p: moment(p.publiee_le)),
    Column("modifiee_le", lambda p: moment(p.modifiee_le)),
    Column("url", lambda p: settings.SITE_URL + p.get_absolute_url()),
    Column("description", lambda p: masquer_courriels(p.description)),
    Column("objectifs", lambda p: masquer_courriels(p.objectifs)),
]
