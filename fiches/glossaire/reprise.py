"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="terme",
        labels=("Définition",),
        titres_sans_corps=2,
        attendus=(("Définition", "definition_manquante"),),
    )
)
