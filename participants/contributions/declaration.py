"""What is kept of persons who propose, for the registry of personal data."""

from functools import partial

from django.core.files.storage import default_storage
from django.db.models import Q

from participants.contributions import credits, notices, parcours, travail, unfinished
from participants.contributions.models import DOSSIER, Contribution, FichierPropose
from socle.comptes import roles
from socle.medias.depot import orphans
from socle.rooms import Room
from socle.vie_privee import conservation, gestes

A_CONFIRMER, REFUSEE = Contribution.Etat.A_CONFIRMER, Contribution.Etat.REFUSEE

CONTRIBUTIONS = conservation.Traitement(
    cle="contributions",
    ordre=27,
    titre="Propositions des visiteurs",
    modele="contributions.Contribution",
    champs=("nom", "courriel", "credit", "source", "valeurs", "doute"),
    donnees="adresse électronique et, si la personne les a donnés, son nom et le nom à citer ; ce qu’elle propose pour "
    "une fiche, les fichiers qu’elle joint tant que l’équipe n’en a pas décidé, puis leur nom, comment elle le sait, "
    "ses échanges avec l’équipe, dates, accord donné",
    finalite="relire la proposition, y répondre et dire ce qu’elle devient",
    base="consentement (RGPD, article 6.1.a)",
    depart="après la réponse de l’équipe ou le retrait ; sans l’une ni l’autre, après l’envoi",
    echues=lambda rows, moment: conservation.older(rows.exclude(etat=A_CONFIRMER), moment, "close_le", "recue_le"),
    courriel="courriel",
    avec=(("contributions.Echange", ("texte",)), ("contributions.FichierPropose", ("nom", "poids", "suite"))),
    accord=notices.USAGE,
    # No `noms`: nobody confirmed the name, and an erasure would take any words out of the records.
)
CONTRIBUTIONS_NON_CONFIRMEES = conservation.unconfirmed(
    CONTRIBUTIONS,
    depart="après l’envoi du formulaire ou, si l’équipe l’a relu d’abord, après qu’elle l’a accepté ou écarté",
    echues=lambda rows, moment: rows.filter(
        Q(etat=A_CONFIRMER, demandee_le__lt=moment) | Q(etat=REFUSEE, close_le__lt=moment) & ~Q(doute="")
    ),
)
FICHIERS_SANS_PROPOSITION = conservation.Ensemble(
    cle="fichiers_sans_proposition",
    ordre=28,
    titre="Fichiers d’un envoi interrompu",
    donnees="un fichier joint à une proposition que le site n’a pas fini d’enregistrer",
    finalite="l’effacer : une panne l’a laissé sur le disque",
    base="intérêt légitime (RGPD, article 6.1.f) : remettre le disque en ordre",
    depart="après l’envoi",
    echues=partial(orphans, DOSSIER),
    effacer=default_storage.delete,
)
FICHES_EN_COURS = conservation.Traitement(
    cle="fiches_en_cours",
    ordre=28,
    titre="Fiches que des visiteurs n’ont pas fini d’écrire",
    modele="contributions.FicheEnCours",
    champs=("saisie", "courriel"),
    donnees="ce que la personne a écrit dans un formulaire à étapes et, si elle a demandé le lien, son adresse "
    "électronique",
    finalite="laisser à la personne le temps de finir",
    base="consentement (RGPD, article 6.1.a)",
    depart="après la dernière chose écrite ; envoyée, elle est vidée aussitôt",
    echues=lambda rows, moment: rows.filter(modifiee_le__lt=moment),
    courriel="courriel",
    de=unfinished.about,
    accord=notices.PLUS_TARD,
    mots={"saisie": unfinished.told},
)
NOMS_CITES = conservation.Traitement(
    cle="noms_cites",
    ordre=28,
    titre="Noms cités dans les fiches",
    modele="contributions.Credit",
    champs=("nom", "courriel"),
    donnees="le nom que la page d’une fiche dit, et l’adresse électronique, jamais publiée, de qui l’a demandé",
    finalite="dire qui a proposé ou corrigé une fiche, si la personne le veut, et pouvoir le retirer",
    base="consentement (RGPD, article 6.1.a)",
    depart="tant que la fiche existe et que la personne ne demande pas de le retirer",
    echues=None,
    courriel="courriel",
)

ROOM = Room(
    traitements=(CONTRIBUTIONS, CONTRIBUTIONS_NON_CONFIRMEES, FICHIERS_SANS_PROPOSITION, FICHES_EN_COURS, NOMS_CITES),
    sans_personne={
        "contributions.Contribution.type": "le type de la fiche",
        "contributions.FicheEnCours.type": "le type de la fiche",
        "contributions.FichierPropose.fichier": "un nom tiré au hasard",
    },
    droits={"contributions.contribution": roles.A_CORRIGER},
    mentions=credits.mentions,
    retient=lambda user, row: isinstance(row, FichierPropose),  # the page of its contribution gives it
    travaux=(travail.SORTE,),
    consentements=notices.TEXTES,
    gestes=(
        gestes.Geste(parcours.RETIREE, "contributions.Contribution", refaire=parcours.withdraw_again),
        gestes.Geste(parcours.EFFACEE, "contributions.Contribution", refaire=parcours.erase_again),
        gestes.Geste(credits.SANS_NOM, "contributions.Contribution", refaire=credits.uncite_again),
        gestes.Geste(unfinished.EFFACEE, "contributions.FicheEnCours"),
    ),
)
