"""Initiative, as the rest of the site knows it."""

from fiches import registre
from fiches.demo import load, save_demo
from fiches.initiatives.importation import ImportationInitiatives
from fiches.initiatives.models import Initiative
from fiches.initiatives.views import InitiativeDetailView, InitiativeListView
from socle.medias.depot import DOCUMENTS_ET_IMAGES
from socle.territoires.reconnaissance import Reconnaisseur


def load_initiatives() -> int:
    rows, lieux = load("initiatives"), Reconnaisseur()
    for row in rows:
        save_demo(Initiative, row, personnes=("auteur", "contact"), lieux=lieux)
    return len(rows)


ROOM = registre.TypeDeFiche(
    model=Initiative,
    liste=InitiativeListView,
    page=InitiativeDetailView,
    titre="Initiatives",
    accroche="Des façons d’accueillir, leurs convictions et leur méthode.",
    feminin=True,
    demo=load_initiatives,
    importation=ImportationInitiatives,
    attendus={
        "description": "sans description",
        "departement": "sans département",
        "ville+commune": "sans ville",
        "lien": "sans lien",
    },
    joints=DOCUMENTS_ET_IMAGES,
)
