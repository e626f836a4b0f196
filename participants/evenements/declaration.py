"""Evenement, as the rest of the site knows it."""

from django.db.models import Case, When
from django.utils import timezone

from fiches import registre
from participants.evenements.dates import midnight
from participants.evenements.demo import load_evenements
from participants.evenements.importation import ImportationEvenements
from participants.evenements.models import Evenement
from participants.evenements.views import EvenementDetailView, EvenementListView
from socle.comptes import roles
from socle.vie_privee.registre import sans_personne


def nouvelle() -> tuple[str, Evenement] | None:
    """« Prochain rendez-vous : 15 novembre 2026 », and the next event that is not cancelled.

    « En ce moment » if none is to come but one has begun on another day.
    """
    coming = Evenement.objects.published().filter(termine_le__gte=timezone.now(), annule_le=None)
    today = Case(When(debut__gte=midnight(timezone.localdate()), then=0), default=1)
    for one in coming.order_by(today, "debut", "pk")[:1]:
        began = one.jour_debut < timezone.localdate()
        return "En ce moment" if began else f"Prochain rendez-vous : {one.jour_en_mots}", one
    return None


registre.add(
    registre.TypeDeFiche(
        cle="evenement",
        model=Evenement,
        nom="événement",
        nom_pluriel="événements",
        feminin=False,
        titre="Agenda",
        menu="Agenda",
        accroche="Des journées pour se rencontrer et fabriquer ensemble.",
        adresse="agenda",
        liste=EvenementListView,
        page=EvenementDetailView,
        a_la_minute=True,
        voyant="evenement",
        carte="evenements/_carte.html",
        nouvelle=nouvelle,
        demo=load_evenements,
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
roles.allow(roles.LIGNE, "evenements.question")
