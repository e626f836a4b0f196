"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="initiative",
        labels=(
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
        choix=("Type d'acteurs qui propose cette initiative", "Echelle d'action"),
        noms=("Nom de l'acteur", "Auteur de la fiche", "Précisez autre acteur", "Ville", "Partenaires associés"),
        lignes=("Nom de l'acteur", "Auteur de la fiche", "Précisez autre acteur", "Mot clef de l'action", "Ville"),
        liens=("Lien Web si existant",),
    )
)
