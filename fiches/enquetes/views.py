"""Public pages of surveys."""

from urllib.parse import urlencode

from django.db.models import Count, Max, Min

from fiches.enquetes.columns import ENQUETE_COLUMNS
from fiches.enquetes.filters import EnqueteFilterSet
from fiches.enquetes.indemnites import Unite
from fiches.enquetes.models import Enquete, MontantDEnquete
from fiches.views import FicheDetailView, FicheListView, facet_link
from socle.francais.mots import euros

RELATED, SEVERAL = (
    ("echelle", "niveau", "departement", "commune__intercommunalite"),
    ("modes_reconnaissance", "types_organisation"),
)

# What the contents of a page call each question, whose words are long.
SUJETS = {
    "indemnites": "qui, combien, pour quoi",
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
    template_name = "enquetes/enquete_list.html"
    tableau = ("structure", "departement", "modes_reconnaissance", "niveau")
    sujets = SUJETS
    related, several = RELATED, SEVERAL
    per_page = 6  # with what they pay, cards hold more

    def for_cards(self, queryset):
        return queryset.select_related("niveau", "commune").prefetch_related("themes", "modes_reconnaissance")

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        return context if selection.values else context | {"baremes": self._baremes()}

    def _baremes(self):
        """What is paid, unit by unit, that of most surveys first: told before anybody has narrowed the list."""
        known = MontantDEnquete.objects.filter(enquete__in=Enquete.objects.published(), min_eur__isnull=False)
        by_unit = known.values("unite").annotate(enquetes=Count("pk"), least=Min("min_eur"), most=Max("max_eur"))
        return [self._bareme(**row) for row in by_unit.order_by("-enquetes", "unite")]

    @staticmethod
    def _bareme(unite, enquetes, least, most):
        """What is paid by one unit, and the surveys that pay it, the most generous first."""
        return {
            "nom": Unite(unite).label,
            "montants": euros(most) if least == most else f"{euros(least).removesuffix('€').strip()} à {euros(most)}",
            "enquetes": enquetes,
            "adresse": f"?{urlencode({'unite': unite, 'tri': 'montant-decroissant'})}",
        }


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
        context["sans_reponse"] = [SUJETS[name] for name in Enquete.textes if name not in answered]
        return context
