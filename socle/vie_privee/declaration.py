"""What this room itself keeps of persons."""

from socle.rooms import Room
from socle.vie_privee import conservation

DEMANDES = conservation.Traitement(
    cle="demandes",
    ordre=90,
    titre="Demandes d’accès et d’effacement",
    modele="vie_privee.Demande",
    champs=("courriel",),
    donnees="l’adresse électronique, jusqu’à la réponse ; ensuite la date et le sens de la réponse, sans l’adresse",
    finalite="répondre aux personnes et pouvoir le prouver",
    base="obligation légale (RGPD, articles 6.1.c, 12 et 17)",
    depart="après la réponse",
    echues=lambda rows, moment: rows.filter(traitee_le__lt=moment),
    courriel="courriel",
    tus=("saisie_par", "traitee_par"),  # names of the staff
)
LECTURES = conservation.Traitement(
    cle="lectures",
    ordre=45,
    titre="Lectures de données personnelles par l’équipe",
    modele="vie_privee.Consultation",
    champs=(),
    donnees="quel compte de l’équipe a lu ou exporté des inscriptions, des fiches d’exploration, des messages, des "
    "signalements, des propositions ou des alertes, ou écrit à toutes les personnes inscrites ; quand, combien et "
    "pour quelle rencontre",
    finalite="savoir qui a eu accès à ces données",
    base="obligation légale (RGPD, articles 6.1.c et 32)",
    depart="après la lecture",
    echues=lambda rows, moment: rows.filter(le__lt=moment),
)
TEXTES_INTEGRAUX = conservation.Traitement(
    cle="textes_integraux",
    ordre=93,
    titre="Textes tels qu’écrits",
    modele="vie_privee.TexteIntegral",
    champs=("texte", "public", "retires", "laisses"),
    donnees="le texte d’une fiche où des mots sur une personne ont été masqués, et ces mots ; les mots que "
    "l’équipe a regardés et laissés en public. L’équipe seule le lit",
    finalite="corriger la fiche, et y remettre ce qui en a été retiré par erreur",
    base="mission d’intérêt public (RGPD, article 6.1.e)",
    depart="aussi longtemps que la fiche",
)
# Here, since the room of the clock stands below this one.

ROOM = Room(
    traitements=(DEMANDES, LECTURES, TEXTES_INTEGRAUX),
    sans_personne={
        "vie_privee.Consultation.genre": "le modèle de la liste",
        "vie_privee.Consultation.sujet": "le titre d’une rencontre",
        **dict.fromkeys(
            ("vie_privee.TexteIntegral.modele", "vie_privee.TexteIntegral.cle", "vie_privee.TexteIntegral.champ"),
            "de quelle ligne il s’agit",
        ),
    },
    hors_saisie={
        "vie_privee.Effacement": "empreinte chiffrée",
        "taches.DernierPassage": "ce qu’une tâche a dit d’elle-même",
    },
)
