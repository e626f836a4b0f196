"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="inscription",
        labels=(
            "Prénom",
            "NOM",
            "Organisation",
            "Courriel",
            "Je serai présent.e toute la journée :",
            "Commentaire libre",
        ),
        sans_titre=True,
        choix=("Je serai présent.e toute la journée :",),
        noms=("Prénom", "NOM", "Organisation"),
        lignes=("Prénom", "NOM", "Organisation"),
        courriels=("Courriel",),
    )
)
