"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="exploration",
        labels=(
            "Mes fonctions",
            "Structure",
            "D'ou je viens ? (adresse et/ou ville)",
            "Groupe de cases à cocher",
            "Les sujets que j'aimerai aborder lors de cette exploration coopérative / Ce que j'aimerai y trouver.",
            "Mes expertises ou savoir-faire par rapport au sujet général",
            "Un commentaire ?",
        ),
        listes=("Groupe de cases à cocher",),
        noms=("Mes fonctions", "Structure", "D'ou je viens ? (adresse et/ou ville)"),
        lignes=("Mes fonctions", "Structure", "D'ou je viens ? (adresse et/ou ville)"),
    )
)
