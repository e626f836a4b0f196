"""Columns of /indemnisation.csv."""

from fiches.columns import FAIT, IDENTIFIANT, LIEU, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL
from fiches.enquetes.indemnites import sentence
from fiches.enquetes.models import QUATRE, Enquete, how_much
from socle.catalogue.columns import Column


def approchee(latitude: float | None, is_approchee: bool) -> str:
    """Whether the position is only that of the commune; nothing without a position."""
    if latitude is None:
        return ""
    return "oui" if is_approchee else "non"


def answer(name: str) -> Column:
    """A column of an answer. Those that every list says bear the name that lists give them."""
    return Column(name, titre=QUATRE.get(name, ""), reponse=True)


ENQUETE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    answer("structure"),
    answer("indemnise_qui"),
    answer("indemnise_quoi"),
    Column(
        "combien",
        ("delai_montants", "bareme", "indemnites"),
        lambda *answers: how_much(*answers)[0],
        titre=QUATRE["combien"],
        reponse=True,
    ),
    Column(
        "indemnites",
        ("indemnites",),
        str.splitlines,
        several=True,
        page=Column("indemnites", ("indemnites",), sentence),
    ),
    Column("modes_reconnaissance"),
    Column("types_organisation"),
    Column("echelle"),
    Column("niveau"),
    FAIT,
    THEMES,
    Column("adresse"),
    *LIEU,
    Column("latitude"),
    Column("longitude"),
    Column("position_approchee", ("latitude", "position_approchee"), approchee, logical=True),
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    *(answer(name) for name in Enquete.textes if name not in QUATRE),
]
