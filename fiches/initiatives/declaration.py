"""Initiative, as the rest of the site knows it."""

from fiches import registre
from fiches.choix import ListeDeChoix
from fiches.demo import load, save_demo
from fiches.initiatives.importation import ImportationInitiatives
from fiches.initiatives.models import Initiative
from fiches.initiatives.views import InitiativeDetailView, InitiativeListView
from fiches.lists import Choix
from socle.medias.depot import DOCUMENTS_ET_IMAGES
from socle.territoires.reconnaissance import Reconnaisseur


def load_initiatives() -> int:
    types, echelles = ListeDeChoix(Choix.Liste.TYPE_ACTEUR), ListeDeChoix(Choix.Liste.ECHELLE)
    mots, lieux = ListeDeChoix(Choix.Liste.MOT_CLE), Reconnaisseur()
    rows = load("initiatives")
    for row in rows:
        several = {"mots_cles": [mots.get_or_create(nom) for nom in row.pop("mots_cles")]}
        row |= {
            "type_acteur": types.get_or_create(row["type_acteur"]),
            "echelle": echelles.get_or_create(row["echelle"]),
        }
        save_demo(Initiative, row, several=several, personnes=("auteur", "contact"), lieux=lieux)
    return len(rows)


registre.add(
    registre.TypeDeFiche(
        cle="initiative",
        model=Initiative,
        nom="initiative",
        nom_pluriel="initiatives",
        feminin=True,
        titre="Initiatives",
        menu="Initiatives",
        accroche="Des façons d’accueillir, leurs convictions et leur méthode.",
        adresse="initiatives",
        liste=InitiativeListView,
        page=InitiativeDetailView,
        voyant="initiative",
        demo=load_initiatives,
        importation=ImportationInitiatives,
        attendus={
            "description": "sans description",
            "departement": "sans département",
            "ville+commune": "sans ville",
            "lien": "sans lien",
        },
        joints=DOCUMENTS_ET_IMAGES,
        ordre=20,
    )
)
