"""Resources of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.lists import Choix
from fiches.ressources.models import Ressource
from reprise import formulaires
from reprise.fields import RepriseFiche, one_line
from reprise.formulaires import Formulaire


class RessourceReprise(RepriseFiche):
    model = Ressource
    textes = {"Source": "source"}
    liens = {"Ou ajouter un lien URL": "lien"}
    listes = {
        "Type de ressources": ("types", Choix.Liste.TYPE_RESSOURCE),
        "Thématique de votre ressource": ("thematiques", Choix.Liste.THEMATIQUE),
    }
    personnes = {
        "Prénom": (Contact.Role.DEPOSANT, "nom"),
        "NOM": (Contact.Role.DEPOSANT, "nom"),
        "Votre organisation": (Contact.Role.DEPOSANT, "fonction"),
    }

    autres = {RepriseFiche.fichiers: ("nom_origine",)}

    def read_more(self, lue, said, valeurs, claimed):
        """Sources name files and hold none: `nom_origine` keeps the name by which one can be attached."""
        valeurs.champs["nom_origine"] = next((one_line(nom, 300) for nom in valeurs.fichiers), "")


formulaires.add(
    Formulaire(
        cle="ressource",
        labels=(
            "Source",
            "Type de ressources",
            "Thématique de votre ressource",
            "Ou ajouter un lien URL",
            "Prénom",
            "NOM",
            "Votre organisation",
        ),
        listes=("Type de ressources", "Thématique de votre ressource"),
        noms=("Source", "Prénom", "NOM", "Votre organisation"),
        lignes=("Source", "Prénom", "NOM", "Votre organisation"),
        liens=("Ou ajouter un lien URL",),
    ),
    reprise=RessourceReprise,
)
