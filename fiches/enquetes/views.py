"""Public pages of surveys."""

from fiches.enquetes.columns import ENQUETE_COLUMNS
from fiches.enquetes.filters import EnqueteFilterSet
from fiches.enquetes.models import QUATRE, Enquete, couleur
from fiches.views import FicheDetailView, FicheListView, facet_link

RELATED, SEVERAL = (
    ("echelle", "niveau", "departement", "commune__intercommunalite"),
    ("modes_reconnaissance", "types_organisation"),
)

# Short names of the questions, for the page's contents.
SUJETS = {
    "indemnites": "montants relevés",
    "origine_demarche": "origine de la démarche",
    "acteurs": "acteurs",
    "contexte": "contexte",
    "indemnise_quoi": "pour quoi",
    "indemnise_qui": "qui est reconnu",
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
    template_name = "enquetes/enquete_list.html"
    tableau = tuple(QUATRE)
    sujets = SUJETS
    related, several = RELATED, SEVERAL
    per_page = 5  # cards with answers are long

    def for_cards(self, queryset):
        return queryset.select_related("commune").prefetch_related("themes", "modes_reconnaissance")

    def get_compared(self):
        """The usual columns, without those that repeat the four answers."""
        said = {"fait", "indemnise_qui", "indemnise_quoi"}
        return [column for column in super().get_compared() if column.nom not in said]

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        return context if selection.values else context | {"modes": self._modes(selection), "enquetes": selection.total}

    @staticmethod
    def _modes(selection):
        """Surveys by mode of recognition, for the list without filters."""
        return [(one, couleur(one.valeur)) for one in selection.options("mode") if one.compte]


class EnqueteDetailView(FicheDetailView):
    model = Enquete
    template_name = "enquetes/enquete_detail.html"
    sections = SUJETS
    related, several = RELATED, SEVERAL

    def keys(self, fiche):
        return [
            ("où", fiche.adresse or (fiche.commune and fiche.commune.nom), ""),
            ("où", fiche.departement, facet_link(fiche, "departement", fiche.departement)),
            ("où", self.position(fiche), ""),
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
        context["sans_reponse"] = [SUJETS[name] for name in Enquete.textes if name not in answered]
        context["quatre"] = self.object.quatre
        return context
