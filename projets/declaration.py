"""Projet, as the rest of the site knows it."""

from functools import partial

from django.urls import reverse

from fiches import registre
from fiches.lists import Theme
from projets.chiffres import by_departement, figures, sets
from projets.demo import load_projets
from projets.importation import ImportationProjets
from projets.models import Projet
from projets.views import ProjetDetailView, ProjetListView
from socle.comptes import roles
from socle.francais.mots import euros
from socle.territoires import cartes
from socle.territoires.models import Departement, Intercommunalite
from socle.vie_privee.registre import sans_personne

LISTED = 10  # themes named at home, those that have most


def accueil() -> tuple[str, dict]:
    """Part of the home page: where projects are, for how much, on what, and the latest sheets."""
    ensembles = sets()
    rows = by_departement(ensembles)
    groups = {code: len(ids) for code, ids in ensembles.valeurs("intercommunalite").items()}
    themes = {slug: len(ids) for slug, ids in ensembles.valeurs("theme").items()}
    noms = dict(Departement.objects.filter(pk__in=rows).values_list("pk", "nom"))
    lignes = [
        {
            "nom": noms[code],
            "adresse": _of("departement", code),
            "compte": fiches,
            "detail": euros(total) if total else "",
        }
        for code, (fiches, total) in rows.items()
        if code in cartes.drawing()["departements"]
    ]
    named = sorted(Theme.objects.filter(slug__in=themes), key=lambda theme: (-themes[theme.slug], theme.nom))[:LISTED]
    for theme in named:
        theme.fiches = themes[theme.slug]
    return "projets/_accueil.html", {
        "chiffres": figures(ensembles, ensembles.publiques),
        "carte": cartes.draw(
            {code: fiches for code, (fiches, _) in rows.items()},
            cartes.lights(Intercommunalite, groups, partial(_of, "intercommunalite")),
            partial(_of, "departement"),
        ),
        "lignes": lignes,
        "themes": named,
        "recentes": list(Projet.objects.published().order_by("-datee", "-modifiee_le", "-pk").for_cards()[:3]),
    }


def _of(criterion: str, code: str) -> str:
    return f"{reverse('projets:list')}?{criterion}={code}"


registre.add(
    registre.TypeDeFiche(
        cle="projet",
        model=Projet,
        nom="projet",
        nom_pluriel="projets",
        feminin=False,
        titre="Projets France Relance",
        menu="Projets",
        accroche="Ce que les collectivités ont fait, pour qui, à quel prix.",
        adresse="projets",
        liste=ProjetListView,
        page=ProjetDetailView,
        voyant="projet",
        carte="projets/_carte.html",
        accueil=accueil,
        demo=load_projets,
        importation=ImportationProjets,
        attendus={
            "montant_eur": "sans montant",
            "departement": "sans département",
            "description": "sans description",
            "objectifs": "sans objectifs",
        },
        ordre=10,
    )
)
sans_personne("projets.Annexe", raison="titre et nom d’un document joint par l’équipe")
roles.allow(roles.LIGNE, "projets.annexe")
