"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
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
    )
)
