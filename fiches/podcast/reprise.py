"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="episode",
        labels=("Texte long",),
        rubriques=("Télécharger",),
    )
)
