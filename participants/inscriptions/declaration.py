"""Inscription, as the rest of the site knows it: names that no page prints, what is kept and for how long."""

from participants.inscriptions import erasure, notices, places
from participants.inscriptions.demo import load_inscriptions
from participants.inscriptions.models import Inscription
from participants.inscriptions.sans_evenement import SansEvenement
from participants.models import LIBELLES, TUS, told_apart
from participants.signals import personne_videe
from socle.comptes import roles
from socle.rooms import Room
from socle.vie_privee import conservation, gestes
from socle.vie_privee.mentions import full_names, same_words

_S = Inscription.Statut
UNSURE = (_S.A_VERIFIER, _S.A_CONFIRMER, _S.EXPIREE, _S.REFUSEE)


def over(inscriptions, moment):
    """Registrations to an event that ended before `moment`; without a known date, those received before it."""
    return conservation.older(inscriptions, moment, "evenement__termine_le", "cree_le")


def persons(row) -> list[str]:
    """Full names that an erasure takes out of the records; not any words typed with that address.

    Either cell may hold « Anne Riou ».
    """
    if not (row.nom and (row.confirmee_le or row.statut not in (*UNSURE, _S.EN_ATTENTE))):
        return []
    first, last = same_words(row.prenom), same_words(row.nom)
    if last and first.endswith(last):
        return full_names(row.prenom.title())
    return full_names((row.nom if first and last.startswith(first) else f"{row.prenom} {row.nom}").title())


INSCRIPTIONS = conservation.Traitement(
    cle="inscriptions",
    ordre=20,
    titre="Inscriptions aux rencontres",
    modele="inscriptions.Inscription",
    champs=(
        "prenom",
        "nom",
        "organisation",
        "courriel",
        "courriel_cle",
        "commentaire",
        "plie",
        "cle",
        "valeurs",
        "motif_surnombre",
        "doute",
    ),
    donnees="prénom, nom, organisation, adresse électronique, présence toute la journée ou non, commentaire libre, "
    "réponses aux questions de la rencontre, état de l’inscription, dates, présence notée à l’entrée, raison d’une "
    "inscription en surnombre, et si une preuve de consentement existe (l’ancien site n’en gardait aucune)",
    finalite="organiser la rencontre et écrire aux personnes qui y viennent",
    base="consentement (RGPD, article 6.1.a) ; pour qui l’équipe inscrit à sa demande, mission d’intérêt public "
    "(article 6.1.e)",
    depart="après la fin de la rencontre",
    action=conservation.Action.ANONYMISER,
    echues=over,
    courriel="courriel",
    noms=persons,
    avec=(
        ("inscriptions.BesoinAcces", ("texte",)),
        ("inscriptions.Reponse", ("libelle", "texte")),
    ),
    avant=lambda row: personne_videe.send(Inscription, instance=row),
    effacer=lambda row: places.erase([row]),
    tus=TUS,
    libelles=LIBELLES,
    accord=notices.USAGE,
)
BESOINS = conservation.Traitement(
    cle="besoins",
    ordre=21,
    titre="Besoins pour participer à une rencontre",
    modele="inscriptions.BesoinAcces",
    champs=("texte",),
    donnees="ce qu’il faut à une personne pour venir, si elle l’a dit ; c’est gardé à part",
    finalite="accueillir chaque personne",
    base="consentement (RGPD, articles 6.1.a et 9.2.a)",
    depart="après la fin de la rencontre",
    echues=lambda besoins, moment: besoins.filter(inscription__in=over(Inscription.objects.all(), moment)),
    tus=("inscription",),
    de=lambda besoins, adresse: besoins.filter(inscription__courriel__iexact=adresse),
)

ROOM = Room(
    traitements=(INSCRIPTIONS, BESOINS),
    sans_personne={"inscriptions.Inscription.source": "le nom du fichier repris"},
    droits={"inscriptions.inscription": roles.PARTICIPANT},
    demo=load_inscriptions,
    ajouts=(SansEvenement(),),
    consentements=notices.TEXTES,
    gestes=(gestes.Geste(erasure.EFFACEE, "inscriptions.Inscription", sur=told_apart, refaire=erasure.forget_again),),
    origines={"inscriptions.Inscription": lambda row: row.cle is not None},
)
