"""Public pages of projects."""

from urllib.parse import urlencode

from fiches.columns import GROUPES
from fiches.views import FicheDetailView, FicheListView, facet_link
from projets.columns import PROJET_COLUMNS, SCHEMA
from projets.filters import ProjetFilterSet
from projets.models import Projet
from projets.subventions import SUBVENTIONS, SUBVENTIONS_CSV
from socle.territoires.populations import in_words, taille


def commune_size(projet: Projet) -> tuple[str, str]:
    """(population in words, link to projects of communes of that size); "" twice if unknown."""
    people = projet.commune.population if projet.commune else None
    return ("", "") if people is None else (in_words(people), facet_link(projet, "taille", taille(people)))


ANNUAIRE = "https://lannuaire.service-public.fr/"


def in_directory(projet: Projet) -> str:
    """The directory of administrations: its search for the town hall, or its home."""
    codes = projet.commune.codes_postaux.split() if projet.commune else []
    return f"{ANNUAIRE}recherche?{urlencode({'whoWhat': 'Mairie', 'where': codes[0]})}" if codes else ANNUAIRE


class ProjetListView(FicheListView):
    filterset_class = ProjetFilterSet
    columns = PROJET_COLUMNS
    template_name = "projets/projet_list.html"
    vues = (SUBVENTIONS, SUBVENTIONS_CSV)

    tableau = ("collectivite", "departement", "montant_eur", "themes")
    groupes = {"Argent": ("montant_eur", "montant_source"), "Subvention, au schéma national": SCHEMA, **GROUPES}
    related = ("departement__region", "intercommunalite", "commune__intercommunalite")

    def for_cards(self, queryset):
        return queryset.for_cards()

    def get_context(self, selection, page, unknown_page):
        chiffres = selection.list_sets.chiffres(selection.records)
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
        context = {"remplacee_par": later, "taille": commune_size(projet), "annuaire": in_directory(projet)}
        if projet.remplace_id and projet.remplace.is_publiee:
            context["remplace"] = projet.remplace
        return super().get_context_data(**context, **kwargs)
