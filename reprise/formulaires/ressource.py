"""Resources: the labels of the old form, in its order, and how its fields become ours."""

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.ressources.models import Ressource
from reprise import formulaires
from reprise.fields import Formulaire, Libelle


@formulaires.add
class RessourceReprise(Formulaire):
    cle = "ressource"
    model = Ressource
    libelles = {
        "Source": Libelle("source", "ligne"),
        "Type de ressources": Libelle("types", "listes", Choix.Liste.TYPE_RESSOURCE),
        "Thématique de votre ressource": Libelle("thematiques", "listes", Choix.Liste.THEMATIQUE),
        "Ou ajouter un lien URL": Libelle("lien", "lien"),
        "Prénom": Libelle(genre="ligne", personne=(Contact.Role.DEPOSANT, "nom")),
        "NOM": Libelle(genre="ligne", personne=(Contact.Role.DEPOSANT, "nom")),
        "Votre organisation": Libelle(genre="ligne", personne=(Contact.Role.DEPOSANT, "fonction")),
    }
    fichier = "nom_origine"
