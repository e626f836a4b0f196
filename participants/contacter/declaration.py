"""What is kept of persons who write, for the registry of personal data."""

from participants.contacter import notices, relais, travail
from participants.contacter.retours import RetoursAjout
from socle.comptes import roles
from socle.courrier.mailboxes import comparable
from socle.rooms import Room
from socle.vie_privee import conservation, gestes

MESSAGES = conservation.Traitement(
    cle="messages",
    ordre=25,
    titre="Messages du formulaire « Écrire »",
    modele="contacter.Message",
    champs=("nom", "courriel", "texte", "doute"),
    donnees="nom, adresse électronique, message, fiche dont il parle, date, accord donné, si le message a été "
    "transmis, et ce que l’équipe y a répondu",
    finalite="transmettre le message aux personnes liées à la fiche, ou à l’équipe, qui peuvent y répondre",
    base="consentement (RGPD, article 6.1.a)",
    depart="après la réception",
    echues=lambda rows, moment: rows.filter(recu_le__lt=moment),
    courriel="courriel",
    avec=(("contacter.ReponseAMessage", ("texte", "le")),),
    accord=notices.USAGE,
    # No `noms`: nobody confirmed the name, and an erasure would take any words out of the records.
)
SIGNALEMENTS = conservation.Traitement(
    cle="signalements",
    ordre=27,
    titre="Erreurs signalées dans une fiche",
    modele="contacter.Signalement",
    champs=("courriel", "texte", "doute", "reponse"),
    donnees="ce qui est signalé, dans quelle fiche et quelle partie, la date, l’adresse électronique si elle est "
    "donnée, la suite et la réponse de l’équipe",
    finalite="corriger la fiche, et répondre à qui a signalé l’erreur",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="après la réception",
    echues=lambda rows, moment: rows.filter(recu_le__lt=moment),
    courriel="courriel",
)

ROOM = Room(
    traitements=(MESSAGES, SIGNALEMENTS),
    sans_personne={"contacter.Signalement.partie": "titre d’une partie de la page"},
    droits={"contacter.message": roles.A_REGLER, "contacter.signalement": roles.A_CORRIGER},
    lecteurs=lambda fiche: relais.readers(fiche.entree),
    ajouts=(RetoursAjout(),),
    travaux=(travail.SIGNALEMENTS, travail.MESSAGES),
    consentements=notices.TEXTES,
    gestes=(
        gestes.Geste(
            relais.REFUS,
            "fiches.Contact",
            sur=lambda contact: comparable(contact.courriel) if contact.courriel else "",
            refaire=relais.refuse,
        ),
    ),
)
