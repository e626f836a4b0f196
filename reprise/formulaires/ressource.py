"""Resources of the old site: the labels of their form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.lists import Choix
from fiches.ressources.models import Ressource
from reprise import formulaires
from reprise.fields import RepriseFiche
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
    fichier = "nom_origine"


formulaires.add(
    Formulaire(
        cle="ressource",
        sequence=(
            "Source",
            "Type de ressources",
            "Thématique de votre ressource",
            "Ou ajouter un lien URL",
            "Prénom",
            "NOM",
            "Votre organisation",
        ),
        lignes=("Source", "Prénom", "NOM", "Votre organisation"),
    ),
    reprise=RessourceReprise,
)
