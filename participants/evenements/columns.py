"""Columns of /agenda.csv."""

from fiches.columns import FAIT, IDENTIFIANT, LIEU, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, named
from socle.catalogue.columns import Column
from socle.francais.valeurs import file_moment


def _date(name: str) -> Column:
    """A date in local time: with its time if known, otherwise the day."""

    def says(when, timed):
        text = file_moment(when)
        return text if timed else text[: len("2026-03-12")]

    return Column(name, (name, "heure_connue"), says)


EVENEMENT_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    _date("debut"),
    _date("fin"),
    named("lieu"),
    Column("adresse"),
    *LIEU,
    Column("capacite"),
    Column("ouverture"),
    Column("cloture"),
    Column("lien_externe"),
    FAIT,
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    Column("resume"),
    Column("programme"),
    Column("suites"),
]
