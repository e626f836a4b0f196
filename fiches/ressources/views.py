"""Public pages of resources."""

from fiches.ressources.columns import RESSOURCE_COLUMNS
from fiches.ressources.filters import RessourceFilterSet
from fiches.ressources.models import Ressource
from fiches.views import FicheDetailView, FicheListView, facet_link
from socle.francais.typographie import nom

SEVERAL = ("types", "thematiques")


class RessourceListView(FicheListView):
    filterset_class = RessourceFilterSet
    columns = RESSOURCE_COLUMNS
    tableau = ("source", "types", "thematiques", "themes")
    several = SEVERAL


class RessourceDetailView(FicheDetailView):
    model = Ressource
    template_name = "ressources/ressource_detail.html"
    several = SEVERAL

    def keys(self, fiche):
        return [
            ("source", nom(fiche.lieu_affiche), ""),
            *(("type", row, facet_link(fiche, "type", row)) for row in fiche.types.all()),
            *(("thématique", row, facet_link(fiche, "thematique", row)) for row in fiche.thematiques.all()),
        ]
