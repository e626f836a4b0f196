"""Columns of /podcast.csv."""

from fiches.catalogue.colonnes import Column
from fiches.colonnes import IDENTIFIANT, MODIFIEE_LE, PUBLIEE_LE, THEMES, TITRE, URL, texte
from fiches.medias import address


def nombre(name: str) -> Column:
    """A whole number, empty if unknown."""

    def value(fiche) -> str:
        number = getattr(fiche, name)
        return "" if number is None else str(number)

    return Column(name, value, numeric=True)


EPISODE_COLUMNS = [
    IDENTIFIANT,
    TITRE,
    nombre("numero"),
    nombre("duree_secondes"),
    Column("fichier_url", lambda episode: address(episode.fichier)),
    THEMES,
    PUBLIEE_LE,
    MODIFIEE_LE,
    URL,
    texte("texte_long"),
    texte("transcription"),
]
