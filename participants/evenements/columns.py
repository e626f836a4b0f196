"""Columns of /agenda.csv."""

from django.utils import timezone

from fiches.colonnes import (
    DEPARTEMENT_CODE,
    IDENTIFIANT,
    MODIFIEE_LE,
    PUBLIEE_LE,
    THEMES,
    TITRE,
    URL,
    choix,
    moment,
    texte,
)
from socle.catalogue.colonnes import Column


def _date(name: str) -> Column:
    """A date of the event, in the time of the site: with its time where that is known, else the day alone."""

    def value(evenement):
        when = getattr(evenement, name)
        if when is None:
            return ""
        return moment(timezone.localtime(when)) if evenement.heure_connue else timezone.localdate(when).isoformat()

    return Column(name, value)


def _instant(name: str) -> Column:
    def value(evenement):
        when = getattr(evenement, name)
        return moment(timezone.localtime(when)) if when else ""

    return Column(name, value)


EVENEMENT_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    _date("debut"),
    _date("fin"),
    texte("lieu"),
    texte("adresse"),
    DEPARTEMENT_CODE,
    choix("departement"),
    Column("capacite", lambda evenement: str(evenement.capacite or ""), numeric=True),
    _instant("ouverture"),
    _instant("cloture"),
    texte("lien_externe"),
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("resume"),
    texte("programme"),
    texte("suites"),
]
