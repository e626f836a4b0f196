"""Filters and sorts of the list of resources, in the words of its address."""

from fiches.choice_lists import Choix
from fiches.filters import AnneeFacet, ChoixFacet, ThemeFacet
from fiches.ressources.models import Ressource
from socle.catalogue.filterset import SelectionFilterSet


class RessourceFilterSet(SelectionFilterSet):
    tris = {"recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]), "titre": ("Titre, A à Z", ["entree__tri"])}
    groupes = [("Type de ressource", ["type"]), ("Thématique", ["thematique"]), ("Thème", ["theme"])]

    type = ChoixFacet(Choix.Liste.TYPE_RESSOURCE, label="type de ressource", field_name="types", phrase="de type")
    thematique = ChoixFacet(
        Choix.Liste.THEMATIQUE, label="thématique", field_name="thematiques", phrase="pour la thématique"
    )
    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Ressource
        fields = []
