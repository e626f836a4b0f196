"""Columns of /agenda.csv."""

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
from socle.catalogue.columns import Column


def _date(name: str) -> Column:
    """A date of the event, in the time of the site: with its time where that is known, else the day alone."""
    whole = champ(name)

    def value(evenement):
        return whole.value(evenement) if evenement.heure_connue else whole.value(evenement)[: len("2026-03-12")]

    return Column(name, value)


EVENEMENT_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    _date("debut"),
    _date("fin"),
    texte("lieu"),
    texte("adresse"),
    *LIEU,
    nombre("capacite"),
    champ("ouverture"),
    champ("cloture"),
    texte("lien_externe"),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("resume"),
    texte("programme"),
    texte("suites"),
]
