"""Ressource, as the rest of the site knows it."""

from fiches import registre
from fiches.attached import Contact
from fiches.demo import load, save_demo
from fiches.ressources.models import Ressource
from fiches.ressources.views import RessourceDetailView, RessourceListView
from socle.francais.prose import linkable
from socle.medias import fichiers as medias
from socle.medias.depot import DOCUMENTS_ET_IMAGES


def load_ressources() -> int:
    """Saves the demo resources as public ones; returns their number."""
    rows = load("ressources")
    for row in rows:
        row["types"] = [row.pop("type")]
        if row["deposant"]:
            row["deposant"]["fonction"] = row["deposant"].pop("organisation")
        save_demo(Ressource, row, personnes=(Contact.Role.DEPOSANT,))
    return len(rows)


def schema(ressource: Ressource) -> dict:
    """Something to read or to use, its publisher, and its address."""
    fichier = medias.address(ressource.fichier.name) if ressource.document_affiche else ""
    return {
        "@type": "CreativeWork",
        "publisher": {"@type": "Organization", "name": ressource.lieu_affiche} if ressource.lieu_affiche else {},
        "sameAs": linkable(ressource.lien),
        "encoding": {"@type": "MediaObject", "contentUrl": fichier} if fichier else {},
        "keywords": [choix.nom for choix in ressource.thematiques.all()],
    }


ROOM = registre.TypeDeFiche(
    model=Ressource,
    liste=RessourceListView,
    page=RessourceDetailView,
    titre="Ressources",
    accroche="Outils, guides et études que vous pouvez reprendre.",
    feminin=True,
    carte="ressources/_carte.html",
    schema=schema,
    demo=load_ressources,
    attendus={
        "lien+fichier": "sans lien ni fichier",
        "source": "sans source",
        "types": "sans type",
    },
    joints=DOCUMENTS_ET_IMAGES,
    fichiers_publics=((Ressource, "fichier"),),
    sans_personne={"ressources.Ressource.nom_origine": "nom d’un document"},
)
