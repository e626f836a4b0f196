"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="evenement",
        labels=("Résumé",),
        titres_sans_corps=1,
        date_au_titre=True,
    )
)
