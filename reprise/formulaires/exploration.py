"""Sheets of the exploration: the labels of the old form, in its order, and how its fields become ours."""

from fiches.choice_lists import Choix
from participants.explorations.models import Exploration
from reprise import formulaires
from reprise.fields import Libelle
from reprise.participants import RepriseParticipant


@formulaires.add
class ExplorationReprise(RepriseParticipant):
    cle = "exploration"
    model = Exploration
    titre = "nom"
    identite = ("nom",)
    libelles = {
        "Mes fonctions": Libelle("fonctions", "ligne"),
        "Structure": Libelle("structure", "ligne"),
        "D'ou je viens ? (adresse et/ou ville)": Libelle("provenance", "ligne"),
        "Groupe de cases à cocher": Libelle("profils", "listes", Choix.Liste.PROFIL),
        (
            "Les sujets que j'aimerai aborder lors de cette exploration coopérative / Ce que j'aimerai y trouver."
        ): Libelle("sujets"),
        "Mes expertises ou savoir-faire par rapport au sujet général": Libelle("expertises"),
        "Un commentaire ?": Libelle("commentaire"),
    }

    def prepare(self, exploration, champs):
        """The site shows what staff have read."""
        if not {*champs}.isdisjoint(Exploration.PUBLICS):
            exploration.relue_le = None
