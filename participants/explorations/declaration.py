"""Exploration, as the rest of the site knows it: names that no page prints, what is kept and for how long."""

from functools import partial

from participants.explorations import notices, parcours
from participants.explorations.demo import load_explorations
from participants.explorations.models import Exploration
from participants.models import LIBELLES, TUS, told_apart
from socle.comptes import roles
from socle.rooms import Room
from socle.vie_privee import consentement, conservation, gestes
from socle.vie_privee.mentions import full_names

PARTICIPE = Exploration.Statut.PARTICIPE
EXPLORATIONS = conservation.Traitement(
    cle="explorations",
    ordre=30,
    titre="Exploration coopérative",
    modele="explorations.Exploration",
    champs=(
        "nom",
        "fonctions",
        "structure",
        "provenance",
        "sujets",
        "expertises",
        "commentaire",
        "courriel",
        "courriel_cle",
        "plie",
        "cle",
        "valeurs",
        "doute",
    ),
    donnees="nom, fonctions, structure, provenance, profils, sujets, expertises, commentaire, adresse électronique ; "
    "et si la personne a accepté que sa fiche soit publiée, quand, et le texte qu’elle a lu",
    finalite="réunir des personnes autour de sujets communs",
    base="consentement de la personne (RGPD, article 6.1.a)",
    depart="après le dernier signe de la personne",
    echues=lambda rows, moment: conservation.older(rows, moment, "signe_le", "cree_le"),
    courriel="courriel",
    # Only of those who take part: others may have typed any words, which an erasure would take out of the records.
    noms=lambda row: full_names(row.nom.title()) if row.statut == PARTICIPE else (),
    tus=TUS,
    libelles=LIBELLES | {"accord_texte": "texte accepté pour la publication"},
    accord=notices.REPONSES,
    mots={"accord_texte": partial(consentement.lu, notices.PUBLICATION)},
)
EXPLORATIONS_NON_CONFIRMEES = conservation.unconfirmed(
    EXPLORATIONS,
    depart="après l’envoi du formulaire ou, si l’équipe l’a relu d’abord, après qu’elle l’a accepté",
    echues=lambda rows, moment: conservation.older(rows.exclude(statut=PARTICIPE), moment, "acceptee_le", "cree_le"),
)

ROOM = Room(
    traitements=(EXPLORATIONS, EXPLORATIONS_NON_CONFIRMEES),
    sans_personne={
        "explorations.Exploration.source": "le nom du fichier repris",
        "explorations.Exploration.accord_texte": "version du texte accepté",
    },
    droits={"explorations.exploration": roles.PARTICIPANT},
    demo=load_explorations,
    consentements=notices.TEXTES,
    gestes=(
        gestes.Geste(parcours.EFFACEE, "explorations.Exploration", sur=told_apart),
        gestes.Geste(parcours.RETIREE, "explorations.Exploration", sur=told_apart, refaire=parcours.withdraw_again),
    ),
    origines={"explorations.Exploration": lambda row: row.cle is not None},
)
