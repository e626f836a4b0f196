"""Labels of the old form, in its order: how the takeover recognises these records in a dump."""

from fiches import registre
from fiches.registre import Formulaire

registre.add_formulaire(
    Formulaire(
        cle="projet",
        labels=(
            "Nom de la collectivité",
            "Département",
            "Référent du projet",
            "Description synthétique du projet",
            "Objectifs",
            "Montant du financement France Relance",
            "Annexe financière Chorus",
        ),
        rubriques=(
            "1.IDENTIFICATION",
            "La collectivité",
            "2.DESCRIPTION DU PROJET",
            "3.SUIVI DU PROJET",
            "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE",
            "5.ANNEXES",
        ),
        ordre=(
            "1.IDENTIFICATION",
            "La collectivité",
            "Nom de la collectivité",
            "Département",
            "Référent du projet",
            "2.DESCRIPTION DU PROJET",
            "Description synthétique du projet",
            "Objectifs",
            "Montant du financement France Relance",
            "3.SUIVI DU PROJET",
            "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE",
            "5.ANNEXES",
            "Annexe financière Chorus",
        ),
        complet=True,
        choix=("Département",),
        noms=("Nom de la collectivité", "Référent du projet"),
        lignes=("Nom de la collectivité", "Référent du projet", "Montant du financement France Relance"),
        fichiers=("Annexe financière Chorus",),
    )
)
