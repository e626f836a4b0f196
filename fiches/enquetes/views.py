"""Public pages of surveys."""

from fiches.enquetes.columns import ENQUETE_COLUMNS
from fiches.enquetes.filters import EnqueteFilterSet
from fiches.enquetes.models import Enquete
from fiches.views import FicheDetailView, FicheListView, facet_link

RELATED, SEVERAL = (
    ("echelle", "niveau", "departement", "commune__intercommunalite"),
    ("modes_reconnaissance", "types_organisation"),
)

# What the contents of a page call each question, whose words are long.
SUJETS = {
    "origine_demarche": "origine de la démarche",
    "acteurs": "acteurs",
    "contexte": "contexte",
    "indemnise_quoi": "ce qui a été indemnisé",
    "indemnise_qui": "personnes indemnisées",
    "forme": "forme",
    "bareme": "barème",
    "delai_montants": "délai et montants",
    "arguments": "arguments",
    "processus": "processus",
    "freins": "freins",
    "leviers": "leviers",
    "suggestions": "suggestions",
    "satisfaction": "satisfaction",
}


class EnqueteListView(FicheListView):
    filterset_class = EnqueteFilterSet
    columns = ENQUETE_COLUMNS
    related, several = RELATED, SEVERAL

    def for_cards(self, queryset):
        return queryset.for_cards()


class EnqueteDetailView(FicheDetailView):
    model = Enquete
    template_name = "enquetes/enquete_detail.html"
    sections = SUJETS
    related, several = RELATED, SEVERAL

    def keys(self, fiche):
        return [
            ("structure", fiche.structure, ""),
            ("adresse", fiche.adresse, ""),
            ("position", self.position(fiche), ""),
            ("commune", fiche.commune.nom if fiche.commune else "", ""),
            ("département", fiche.departement, facet_link(fiche, "departement", fiche.departement)),
            *(
                ("reconnaissance de la participation", mode, facet_link(fiche, "mode", mode))
                for mode in fiche.modes_reconnaissance.all()
            ),
            ("niveau de participation", fiche.niveau, facet_link(fiche, "niveau", fiche.niveau)),
            ("échelle", fiche.echelle, facet_link(fiche, "echelle", fiche.echelle)),
            *(
                ("type d’organisation", row, facet_link(fiche, "type_organisation", row))
                for row in fiche.types_organisation.all()
            ),
        ]

    @staticmethod
    def position(fiche) -> str:
        if not fiche.position_approchee:
            return ""
        of_commune = (fiche.latitude, fiche.longitude) == fiche.position_of_commune()
        return "position approchée, celle de la commune" if of_commune else "position approchée"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        answered = {section.id for section in context["sections"]}
        context["sans_reponse"] = [sujet for name, sujet in SUJETS.items() if name not in answered]
        return context
