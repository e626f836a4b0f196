"""Sheets of the exploration: the labels of their form, in its order, and how its fields become ours."""

from fiches.lists import Choix
from participants.explorations.models import Exploration
from reprise import formulaires
from reprise.formulaires import Formulaire
from reprise.lecture import Valeurs
from reprise.participants import RepriseParticipant
from socle.francais.texte import fold

FONCTIONS, STRUCTURE, PROVENANCE = "Mes fonctions", "Structure", "D'ou je viens ? (adresse et/ou ville)"
PROFILS = "Groupe de cases à cocher"
SUJETS = "Les sujets que j'aimerai aborder lors de cette exploration coopérative / Ce que j'aimerai y trouver."
EXPERTISES = "Mes expertises ou savoir-faire par rapport au sujet général"
COMMENTAIRE = "Un commentaire ?"


class ExplorationReprise(RepriseParticipant):
    model = Exploration
    titre = "nom"
    textes = {FONCTIONS: "fonctions", SUJETS: "sujets", EXPERTISES: "expertises", COMMENTAIRE: "commentaire"}
    lignes = {STRUCTURE: "structure", PROVENANCE: "provenance"}
    listes = {PROFILS: ("profils", Choix.Liste.PROFIL)}

    def prepare(self, exploration, champs):
        """What the site shows of a sheet is what staff have read."""
        if not {*champs}.isdisjoint(Exploration.PUBLICS):
            exploration.relue_le = None

    def identity(self, valeurs: Valeurs) -> str:
        return fold(valeurs.champs["nom"])

    def name(self, valeurs: Valeurs) -> str:
        return valeurs.champs["nom"]


formulaires.add(
    Formulaire(
        cle="exploration",
        sequence=(FONCTIONS, STRUCTURE, PROVENANCE, PROFILS, SUJETS, EXPERTISES, COMMENTAIRE),
        lignes=(FONCTIONS, STRUCTURE, PROVENANCE),
    ),
    reprise=ExplorationReprise,
)
