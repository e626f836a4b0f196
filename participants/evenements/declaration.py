"""Evenement, as the rest of the site knows it."""

from django.utils import timezone

from fiches import registre
from fiches.confidentiel import public
from participants import demo
from participants.evenements.importation import ImportationEvenements
from participants.evenements.models import Evenement
from participants.evenements.views import EvenementDetailView, EvenementListView
from vie_privee.registre import sans_personne


def nouvelle() -> tuple[str, str] | None:
    """« Prochain rendez-vous : 15 novembre 2026 », « Balise MedNum Remix »: the next event that is not cancelled."""
    coming = Evenement.objects.published().filter(termine_le__gte=timezone.now(), annule_le=None)
    following = public(coming.order_by("debut", "pk"))[:1]
    return next(((f"Prochain rendez-vous : {one.jour_en_mots}", one.titre_affiche) for one in following), None)


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
        nouvelle=nouvelle,
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
