"""Enquete, as the rest of the site knows it."""

from fiches import registre
from fiches.demo import load, save_demo
from fiches.enquetes.importation import ImportationEnquetes
from fiches.enquetes.models import Enquete
from fiches.enquetes.views import EnqueteDetailView, EnqueteListView
from fiches.schema import article
from socle.medias.depot import DOCUMENTS_ET_IMAGES


def load_enquetes() -> int:
    rows = load("enquetes")
    for row in rows:
        save_demo(Enquete, row, personnes=("referent",))
    return len(rows)


ROOM = registre.TypeDeFiche(
    model=Enquete,
    liste=EnqueteListView,
    page=EnqueteDetailView,
    titre="Indemnisation",
    accroche="Qui paie qui, pour quoi, combien : ce que des structures répondent, avec leurs mots.",
    feminin=True,
    aliases=("qui paie", "combien payer", "bon d’achat", "ticket service"),
    carte="enquetes/_carte.html",
    demo=load_enquetes,
    schema=lambda enquete: article(enquete) | {"@type": "Report"},
    importation=ImportationEnquetes,
    attendus={
        "commune": "sans commune",
        "contexte": "sans origine ni contexte",
        "indemnites": "sans montant relevé",
        "modes_reconnaissance": "sans mode de reconnaissance",
        "niveau": "sans niveau de participation",
    },
    joints=DOCUMENTS_ET_IMAGES,
)
