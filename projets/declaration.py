"""Projet, as the rest of the site knows it."""

from django.http import QueryDict

from fiches import registre
from fiches.choice_lists import Theme
from fiches.schema import lieu
from projets.demo import load_projets
from projets.importation import ImportationProjets
from projets.models import Projet
from projets.views import ProjetDetailView, ProjetListView
from socle.catalogue.selection import Selection
from socle.comptes import roles
from socle.medias.depot import DOCUMENTS_ET_IMAGES
from socle.vues.dessin import carte_de
from socle.vues.situation import Situation

LISTED = 10  # themes named at home, most used first


def accueil() -> tuple[str, dict]:
    """Part of the home page: where projects are, how much they cost, their themes, and the latest ones."""
    selection = Selection(ROOM, QueryDict())
    list_sets, situation = selection.list_sets, Situation(selection)
    themes = {slug: len(ids) for slug, ids in list_sets.valeurs("theme").items()}
    named = sorted(Theme.objects.filter(slug__in=themes), key=lambda theme: (-themes[theme.slug], theme.nom_plie))[
        :LISTED
    ]
    for theme in named:
        theme.fiches = themes[theme.slug]
    return "projets/_accueil.html", {
        "chiffres": list_sets.chiffres(list_sets.publiques),
        "carte": carte_de(situation, nuit=True),
        "lignes": situation.departements,
        "themes": named,
        "recentes": list(Projet.objects.published().order_by("-datee", "-modifiee_le", "-pk").for_cards()[:3]),
    }


def schema(projet: Projet) -> dict:
    """A grant, and the project that it paid for."""
    montant = projet.montant_connu
    collectivite = {"@type": "GovernmentOrganization", "name": projet.lieu_affiche} if projet.lieu_affiche else {}
    return {
        "@type": "MonetaryGrant",
        "funder": {"@type": "Organization", "name": "France Relance"},
        "amount": {"@type": "MonetaryAmount", "value": float(montant), "currency": "EUR"} if montant else {},
        "fundedItem": {
            "@type": "Project",
            "name": projet.titre_affiche,
            "parentOrganization": collectivite,
            "location": lieu(projet),
        },
    }


ROOM = registre.TypeDeFiche(
    model=Projet,
    liste=ProjetListView,
    page=ProjetDetailView,
    titre="Projets France Relance",
    menu="Projets",
    nom="projet",
    nom_pluriel="projets",
    accroche="Ce que les collectivités ont fait, pour qui, à quel prix.",
    feminin=False,
    carte="projets/_carte.html",
    accueil=accueil,
    schema=schema,
    demo=load_projets,
    importation=ImportationProjets,
    attendus={
        "montant_eur": "sans montant",
        "departement": "sans département",
        "description": "sans description",
        "objectifs": "sans objectifs",
        "siret+rna": "sans SIRET ni RNA",
    },
    joints=DOCUMENTS_ET_IMAGES,
    droits={"projets.annexe": roles.LIGNE},
    sans_personne={"projets.Annexe": "titre et nom d’un document joint par l’équipe"},
)
