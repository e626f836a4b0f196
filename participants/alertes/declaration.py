"""What is kept of followers of a list, for the registry of personal data; the link that each list offers them."""

from urllib.parse import urlencode

from django.urls import reverse

from participants.alertes import abonnement, courriels, notices
from participants.alertes.followed_lists import key
from participants.alertes.models import Alerte
from socle.catalogue.selection import Selection
from socle.comptes import roles
from socle.rooms import Room
from socle.vie_privee import conservation, gestes

ALERTES = conservation.Traitement(
    cle="alertes",
    ordre=27,
    titre="Alertes par courriel",
    modele="alertes.Alerte",
    champs=("courriel", "courriel_cle", "criteres", "mots"),
    donnees="adresse électronique, liste suivie et ses critères, rythme, dates, accord donné, et jusqu’où cette liste "
    "a été lue",
    finalite="écrire à la personne quand il y a du nouveau dans la liste qu’elle suit",
    base="consentement (RGPD, article 6.1.a)",
    depart="après le dernier signe de la personne",
    echues=lambda rows, moment: conservation.older(rows, moment, "signe_le", "cree_le"),
    courriel="courriel",
    tus=("courriel_cle", "vu", "inachevees", "periode"),
    accord=notices.USAGE,
)
ALERTES_NON_CONFIRMEES = conservation.unconfirmed(
    ALERTES,
    depart="après la demande",
    echues=lambda rows, moment: rows.filter(etat=Alerte.Etat.A_CONFIRMER, cree_le__lt=moment),
)


def offered(selection: Selection) -> list[tuple[str, str]]:
    """The link to follow a list under the present filters."""
    liste = selection.declaration.liste
    asked = [pair for pair in selection.pairs(keeps=()) if pair[0] != "tri"]
    asked += [(name, value) for name, value in liste.a_suivre if name not in selection.values]
    query = urlencode([("type", key(selection.declaration)), *asked])
    return [(liste.suivre, f"{reverse('alertes:demande')}?{query}")]


ROOM = Room(
    traitements=(ALERTES, ALERTES_NON_CONFIRMEES),
    sans_personne={
        "alertes.Alerte.type": "nom d’une liste, jour ou semaine",
        "alertes.Alerte.periode": "nom d’une liste, jour ou semaine",
    },
    droits={"alertes.alerte": roles.Droits(roles.RIEN, roles.VOIR, roles.VOIR)},
    courriels={courriels.NOUVELLES: courriels.write_news},
    emporter=("Par courriel", "Une fois par jour ou par semaine, s’il y a du nouveau", offered),
    consentements=notices.TEXTES,
    gestes=(gestes.Geste(abonnement.ARRETEE, "alertes.Alerte"),),
)
