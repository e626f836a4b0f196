"""Evenement, as the rest of the site knows it."""

from fiches import registre
from participants import demo
from participants.evenements.importation import ImportationEvenements
from participants.evenements.models import Evenement
from participants.evenements.views import EvenementDetailView, EvenementListView
from vie_privee.registre import sans_personne

registre.add(
    registre.TypeDeFiche(
        cle="evenement",
        model=Evenement,
        nom="événement",
        nom_pluriel="événements",
        feminin=False,
        titre="Agenda",
        menu="Agenda",
        accroche="Des journées pour se rencontrer, raconter ce que l’on fait et fabriquer ensemble.",
        adresse="agenda",
        liste=EvenementListView,
        page=EvenementDetailView,
        voyant="evenement",
        carte="evenements/_carte.html",
        demo=demo.load_all,
        importation=ImportationEvenements,
        attendus={
            "debut": "sans date",
            "lieu": "sans lieu",
            "resume": "sans résumé",
        },
        ordre=70,
    )
)
sans_personne("evenements.Question", raison="question de l’équipe")
