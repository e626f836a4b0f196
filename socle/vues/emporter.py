"""The panel « Emporter cette liste »: what one may take away, in plain words, and its use."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from socle.catalogue.selection import Selection
from socle.francais.wording import entier, pluriel
from socle.rooms import rooms
from socle.vues.toutes import vues
from socle.vues.vue import link

# {key: (words, use)}, in the order shown.
RUBRIQUES = {
    "tableur": ("Dans un tableur", "{lignes}, pour trier, compter et compléter"),
    "donnees": ("En données ouvertes", "{lignes}, pour un programme ou un site, à jour à chaque demande"),
    "schema": (
        "Au schéma national",
        "Les fiches complètes seulement : la page dit combien, et ce qui manque aux autres",
    ),
    "flux": ("Dans un lecteur de flux", "Copiez l’adresse de ce lien dans votre lecteur"),
    "ecoute": ("Dans une application d’écoute", "Copiez l’adresse de ce lien dans votre application"),
    "agenda": ("Dans votre agenda", "Le premier lien abonne votre agenda à ces dates, l’autre les y met une fois"),
    "papier": ("Sur papier", "Pour une réunion, ou lire sans écran"),
    "diaporama": ("Dans un diaporama", "Une image avec titre, légende et source"),
    "site": ("Dans votre site", "Pour montrer cette liste dans une page à vous, toujours à jour"),
}


@dataclass(frozen=True)
class Rubrique:
    """One heading of the panel. `liens`: (words, address, or "" if there are too many rows)."""

    titre: str
    aide: str
    liens: list[tuple[str, str]]


def above(selection: Selection) -> list[Rubrique]:
    """What the floors above offer of a selection, each under a heading of its own."""
    offered = [room.emporter for room in rooms() if room.emporter]
    return [Rubrique(titre, aide, more) for titre, aide, liens in offered if (more := liens(selection))]


def offered_above(selection: Selection) -> list[tuple[str, str]]:
    """(words, address) of the same: to be told of what is new, even while the list is empty."""
    return [link for rubrique in above(selection) for link in rubrique.liens]


def whole(declaration, rows: int) -> list[tuple[str, str]]:
    """(words, address) of all that a whole list of `rows` rows can be read as: its tabs, then the panel."""
    found = [(vue.onglet, vue.adresse(declaration)) for vue in vues(declaration.liste) if vue.onglet]
    for vue in vues(declaration.liste):
        if vue.mots and not vue.schema and not 0 < vue.limite < rows:
            query = urlencode(vue.demande)
            found.append((vue.mots, vue.adresse(declaration) + (f"?{query}" if query else "")))
    return found


def headings(selection: Selection) -> list[Rubrique]:
    """What the panel offers of a selection; headings without a link are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = selection.total
    for vue in (one for one in vues(selection.declaration.liste) if one.rubrique):
        there = found.setdefault(vue.rubrique, [])
        if vue.limite and rows > vue.limite:
            there.append((f"{vue.mots} : jusqu’à {entier(vue.limite)} lignes, filtrez la liste.", ""))
        else:
            address = link(vue, selection, **dict(vue.demande))
            site = f"{vue.schema}://{urlsplit(settings.SITE_URL).netloc}" if vue.schema else ""
            there.append((vue.mots, f"{site}{address}"))
    lines = pluriel(rows, "ligne", "lignes")
    offered = [
        Rubrique(titre, aide.format(lignes=lines), found[cle])
        for cle, (titre, aide) in RUBRIQUES.items()
        if cle in found
    ]
    return offered + above(selection)
