"""Initiatives of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.initiatives.models import Initiative
from fiches.lists import Choix
from reprise import formulaires
from reprise.fields import RepriseFiche
from reprise.formulaires import Formulaire
from socle.vie_privee.names import person_names, words_of

ACTEUR = "Nom de l'acteur"


class InitiativeReprise(RepriseFiche):
    model = Initiative
    textes = {
        "Description": "description",
        "Enjeux": "enjeux",
        "Convictions": "convictions",
        "Méthodologie mise en place": "methodologie",
        "Réalisations": "realisations",
        "Partenaires associés": "partenaires",
        "Pour aller plus loin": "pour_aller_plus_loin",
    }
    lignes = {ACTEUR: "acteur", "Précisez autre acteur": "autre_acteur", "Ville": "ville"}
    liens = {"Lien Web si existant": "lien"}
    choix = {
        "Type d'acteurs qui propose cette initiative": ("type_acteur", Choix.Liste.TYPE_ACTEUR),
        "Echelle d'action": ("echelle", Choix.Liste.ECHELLE),
    }
    listes = {"Mot clef de l'action": ("mots_cles", Choix.Liste.MOT_CLE)}
    personnes = {
        "Auteur de la fiche": (Contact.Role.AUTEUR, "nom"),
        "Comment contacter cette initiative?": (Contact.Role.CONTACT, "nom"),
    }

    def read_more(self, lue, said, valeurs, claimed):
        # An actor who is the author is a person, not an organisation: kept among the persons, shown nowhere.
        acteur = valeurs.champs["acteur"]
        if person_names(acteur) and words_of(acteur) in [words_of(name) for name in self._named(valeurs.personnes)]:
            valeurs.champs["acteur"] = ""

    @staticmethod
    def _named(personnes: list[dict]) -> list[str]:
        """The persons that these cells name; how to contact an initiative is told in sentences."""
        return [
            name
            for row in personnes
            for name in person_names(row.get("nom", ""), capitals=row["role"] == Contact.Role.CONTACT)
        ]

    def prepare(self, fiche, champs):
        """A commune that the old town names is no editor's choice: the new one is looked up."""
        if fiche.pk is None or "ville" not in champs:
            return
        for departement in (None, fiche.departement_id):
            found = Initiative(ville=fiche.ville, departement_id=departement)
            found.locate(self.places)
            if found.commune_id and found.commune_id == fiche.commune_id:
                fiche.commune = None
                if departement is None:
                    fiche.departement = None  # it came with the commune
                return

    def complete(self, fiche, valeurs):
        fiche.locate(self.places)


formulaires.add(
    Formulaire(
        cle="initiative",
        sequence=(
            "Description",
            "Enjeux",
            "Convictions",
            "Méthodologie mise en place",
            "Réalisations",
            "Nom de l'acteur",
            "Auteur de la fiche",
            "Type d'acteurs qui propose cette initiative",
            "Précisez autre acteur",
            "Echelle d'action",
            "Mot clef de l'action",
            "Ville",
            "Comment contacter cette initiative?",
            "Lien Web si existant",
            "Partenaires associés",
            "Pour aller plus loin",
        ),
        noms=("Partenaires associés",),
        lignes=("Nom de l'acteur", "Auteur de la fiche", "Précisez autre acteur", "Mot clef de l'action", "Ville"),
    ),
    reprise=InitiativeReprise,
)
