"""Columns of /indemnisation.csv."""

from dataclasses import replace

from fiches.columns import FAIT, IDENTIFIANT, LIEU, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL
from fiches.enquetes.indemnites import sentence
from fiches.enquetes.models import QUATRE, REPONSES, Enquete, said_of
from socle.catalogue.columns import Column
from socle.francais.typographie import bas_de_casse


def approchee(latitude: float | None, is_approchee: bool) -> str:
    """« oui » if the position is the commune's; "" without a position."""
    if latitude is None:
        return ""
    return "oui" if is_approchee else "non"


def four() -> list[Column]:
    """The four columns that every list of surveys shows."""
    found = [
        Column(nom, REPONSES[nom], lambda *answers, nom=nom: said_of(nom, *answers)[0], titre=titre, reponse=True)
        for nom, titre in QUATRE.items()
    ]
    structure = found[0]
    cased = replace(structure, says=lambda text: bas_de_casse(structure.says(text), noms=True))
    return [replace(structure, page=cased), *found[1:]]


ENQUETE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    *four(),
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
    *(Column(name, reponse=True) for name in Enquete.textes),
]
