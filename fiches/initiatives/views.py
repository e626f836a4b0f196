"""Public pages of initiatives."""

from fiches.columns import named
from fiches.initiatives.filters import InitiativeFilterSet
from fiches.initiatives.models import Initiative
from fiches.views import FicheDetailView, FicheListView, facet_link, way_out
from socle.francais.typographie import nom

NOMS = {nom: named(nom) for nom in ("acteur", "ville")}
RELATED, SEVERAL = ("type_acteur", "echelle", "departement", "commune__intercommunalite"), ("mots_cles",)


class InitiativeListView(FicheListView):
    filterset_class = InitiativeFilterSet
    related, several = RELATED, SEVERAL

    def get_columns(self):
        return [NOMS.get(column.nom, column) for column in super().get_columns()]


class InitiativeDetailView(FicheDetailView):
    model = Initiative
    related, several = RELATED, SEVERAL

    def keys(self, fiche):
        return [
            ("acteur", nom(fiche.acteur), ""),
            ("type d’acteur", fiche.type_acteur, facet_link(fiche, "type_acteur", fiche.type_acteur)),
            ("autre acteur", fiche.autre_acteur, ""),
            ("échelle", fiche.echelle, facet_link(fiche, "echelle", fiche.echelle)),
            *(("mot clef", row, facet_link(fiche, "mot_cle", row)) for row in fiche.mots_cles.all()),
            ("ville", nom(fiche.ville), ""),
            ("département", fiche.departement, facet_link(fiche, "departement", fiche.departement)),
            ("lien", *way_out(fiche.lien, "Voir le site de l’initiative")),
        ]
