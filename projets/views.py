"""Public pages of projects."""

from fiches.views import FicheDetailView, FicheListView
from projets.columns import PROJET_COLUMNS
from projets.filters import ProjetFilterSet
from projets.models import Projet
from projets.subventions import SUBVENTIONS, SUBVENTIONS_CSV


class ProjetListView(FicheListView):
    filterset_class = ProjetFilterSet
    columns = PROJET_COLUMNS
    template_name = "projets/projet_list.html"
    vues = (SUBVENTIONS, SUBVENTIONS_CSV)

    tableau = ("collectivite", "departement", "montant_eur", "themes")
    related = ("departement__region", "intercommunalite", "commune__intercommunalite")

    def for_cards(self, queryset):
        return queryset.for_cards()

    def get_context(self, selection, page, unknown_page):
        chiffres = selection.ensembles.chiffres(selection.records)
        return super().get_context(selection, page, unknown_page) | {"chiffres": chiffres}


class ProjetDetailView(FicheDetailView):
    model = Projet
    related = ("departement__region", "intercommunalite", "commune", "remplace")
    sections = {
        "description": "Description",
        "objectifs": "Objectifs",
        "suivi": "Suivi",
        "engagements": "Engagements",
    }

    def get_context_data(self, **kwargs):
        projet = self.object
        later = projet.remplacee_par() if projet.is_remplacee else None
        context = {"remplacee_par": later}
        if projet.remplace_id and projet.remplace.is_publiee:
            context["remplace"] = projet.remplace
        return super().get_context_data(**context, **kwargs)
