"""Columns that the exports of all record types share."""

from django.conf import settings

from fiches.catalogue.colonnes import Column
from fiches.confidentiel import masquer


def moment(value) -> str:
    """ISO 8601 with its offset, to the microsecond: what a later import compares."""
    return value.isoformat() if value else ""


def texte(name: str) -> Column:
    """A text, without e-mail addresses and names of persons: the import compares cells with the same words."""
    return Column(name, lambda fiche: masquer(getattr(fiche, name)))


def choix(name: str) -> Column:
    """The name of what a foreign key chose."""
    return Column(name, lambda fiche: getattr(fiche, name).nom if getattr(fiche, name) else "")


def plusieurs(name: str) -> Column:
    """Names of what a many-to-many field chose, joined by " | "."""
    return Column(name, lambda fiche: " | ".join(chosen.nom for chosen in getattr(fiche, name).all()))


def nombre(name: str) -> Column:
    """A whole number, empty if unknown."""

    def value(fiche) -> str:
        number = getattr(fiche, name)
        return "" if number is None else str(number)

    return Column(name, value, numeric=True)


IDENTIFIANT = Column("identifiant", lambda fiche: str(fiche.pk), numeric=True)
TITRE = texte("titre")
THEMES = plusieurs("themes")
PUBLIEE_LE = Column("publiee_le", lambda fiche: moment(fiche.publiee_le))
MODIFIEE_LE = Column("modifiee_le", lambda fiche: moment(fiche.modifiee_le))
URL = Column("url", lambda fiche: settings.SITE_URL + fiche.get_absolute_url())
