"""Evenement, as the rest of the site knows it."""

from django.db.models import Case, When
from django.utils import timezone

from fiches import registre
from fiches.schema import lieu
from participants.evenements.dates import midnight
from participants.evenements.demo import load_evenements
from participants.evenements.importation import ImportationEvenements
from participants.evenements.models import Evenement
from participants.evenements.views import EvenementDetailView, EvenementListView
from socle.comptes import roles
from socle.medias.depot import DOCUMENTS_ET_IMAGES


def nouvelle() -> registre.EnVue | None:
    """The next event that is not cancelled: « Prochain rendez-vous : 15 novembre 2026 ».

    If there is none: « En ce moment » and one that began on another day, else « Passé : 15 novembre 2024 » and the
    last.
    """
    now, held = timezone.now(), Evenement.objects.published().filter(annule_le=None)
    today = Case(When(debut__gte=midnight(timezone.localdate()), then=0), default=1)
    for one in held.filter(termine_le__gte=now).order_by(today, "debut", "pk")[:1]:
        began = one.jour_debut < timezone.localdate()
        mots = "En ce moment" if began else f"Prochain rendez-vous : {one.jour_en_mots}"
        return registre.EnVue(mots, one, a_suivre=True)
    for one in held.filter(termine_le__lt=now).order_by("-debut", "-pk")[:1]:
        return registre.EnVue(f"Passé : {one.jour_en_mots}", one)
    return None


def schema(evenement: Evenement) -> dict:
    """When and where; only the day if no hour is known. Nothing tells whether one can attend from afar."""
    shown = {
        name: timezone.localtime(when).isoformat(timespec="seconds")
        if evenement.heure_connue
        else timezone.localdate(when).isoformat()
        for name, when in (("startDate", evenement.debut), ("endDate", evenement.fin))
        if when
    }
    adresse = {"address": evenement.adresse} if evenement.adresse else {}
    named = {"name": evenement.lieu_affiche} if evenement.lieu_affiche else {}
    return {
        "@type": "Event",
        **shown,
        "location": {"@type": "Place"} | lieu(evenement) | named | adresse if named or lieu(evenement) else {},
        "eventStatus": f"https://schema.org/Event{'Cancelled' if evenement.is_annule else 'Scheduled'}",
    }


ROOM = registre.TypeDeFiche(
    model=Evenement,
    liste=EvenementListView,
    page=EvenementDetailView,
    titre="Agenda",
    accroche="Des journées pour se rencontrer et fabriquer ensemble.",
    feminin=False,
    a_la_minute=True,
    carte="evenements/_carte.html",
    nouvelle=nouvelle,
    schema=schema,
    demo=load_evenements,
    importation=ImportationEvenements,
    attendus={
        "debut": "sans date",
        "lieu": "sans lieu",
        "resume": "sans résumé",
    },
    relecture=0,
    joints=DOCUMENTS_ET_IMAGES,
    droits={"evenements.question": roles.LIGNE},
    sans_personne={"evenements.Question": "question de l’équipe"},
)
