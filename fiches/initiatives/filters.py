"""Filters and sorts of the list of initiatives, in the words of its address."""

from fiches.choice_lists import Choix
from fiches.filters import AUTOUR, TAILLE, AnneeFacet, ChoixFacet, DepartementFacet, SitueeFilterSet, ThemeFacet
from fiches.initiatives.models import Initiative


class InitiativeFilterSet(SitueeFilterSet):
    tris = {"titre": ("Titre, A à Z", ["entree__tri"]), "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"])}
    groupes = [
        ("Échelle", ["echelle"]),
        ("Type d’acteur", ["type_acteur"]),
        ("Mot clef", ["mot_cle"]),
        ("Département", ["departement"]),
        ("Thème", ["theme"]),
        TAILLE,
        AUTOUR,
    ]

    echelle = ChoixFacet(Choix.Liste.ECHELLE, label="échelle", field_name="echelle", phrase="à l’échelle")
    type_acteur = ChoixFacet(Choix.Liste.TYPE_ACTEUR, label="type d’acteur", field_name="type_acteur", phrase="par")
    mot_cle = ChoixFacet(Choix.Liste.MOT_CLE, label="mot clef", field_name="mots_cles", phrase="sur")
    departement = DepartementFacet()
    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Initiative
        fields = []
