"""What mails and links keep of persons, for the registry of personal data."""

from socle.courrier.models import A_ENVOYER
from socle.courrier.texte import mask
from socle.rooms import Room
from socle.vie_privee import conservation


def over(mails, moment):
    """Mails sent, or tried for the last time, before `moment`."""
    return conservation.older(mails.exclude(etat__in=A_ENVOYER), moment, "envoye_le", "prochain_essai")


COURRIELS = conservation.Traitement(
    cle="courriels",
    ordre=40,
    titre="Courriels envoyés par le site",
    modele="courrier.Courriel",
    champs=("destinataire", "repondre_a", "desabonnement", "objet", "texte", "html", "erreur", "cle"),
    donnees="l’adresse, celle à qui répondre, l’objet et le texte du courriel, ses pièces jointes, et s’il a pu "
    "être remis",
    finalite="être sûr qu’un courriel attendu est parti, et pouvoir le renvoyer",
    base="la même que celle de ce qu’il annonce",
    depart="après l’envoi, ou le dernier essai",
    echues=over,
    courriel="destinataire",
    avec=(("courrier.PieceJointe", ("nom", "type")),),
    tus=(
        "html",
        "desabonnement",
        "cle",
        "message_id",
        "prochain_essai",
        "sujet_type",
        "sujet_id",
        "composition",
        "donnees",
    ),
    mots={"texte": mask},
)
LIENS = conservation.Traitement(
    cle="liens",
    ordre=41,
    titre="Liens envoyés par courriel",
    modele="courrier.Lien",
    champs=("empreinte", "usage"),
    donnees="une empreinte de chaque lien, et jusqu’à quand il vaut ; ni nom ni adresse",
    finalite="reconnaître la personne qui a reçu le lien, sans lui demander de compte",
    base="la même que celle de ce qu’il ouvre",
    depart="après sa fin de validité",
    echues=lambda rows, moment: rows.filter(expire_le__lt=moment),
)

ROOM = Room(
    traitements=(COURRIELS, LIENS),
    sans_personne={
        "courrier.Courriel.message_id": "hasard",
        "courrier.Courriel.composition": "ce qui l’écrira, numéros de lignes",
        "courrier.Courriel.donnees": "ce qui l’écrira, numéros de lignes",
    },
)
