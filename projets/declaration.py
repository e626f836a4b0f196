"""Projet, as the rest of the site knows it."""

from functools import partial

from django.db.models import Count, Q
from django.urls import reverse

from fiches import registre
from fiches.lists import Theme
from projets.demo import load_projets
from projets.importation import ImportationProjets
from projets.models import Projet
from projets.views import ProjetDetailView, ProjetListView
from socle.annuaire.models import Statut
from socle.comptes import roles
from socle.francais.mots import euros
from socle.territoires import cartes
from socle.territoires.models import Intercommunalite
from socle.vie_privee.registre import sans_personne

LISTED = 10  # themes named at home, those that have most


def accueil() -> tuple[str, dict]:
    """Part of the home page: where projects are, for how much, on what, and the latest sheets."""
    public = Projet.objects.published()
    rows = public.by_departement()
    groups = public.filter(intercommunalite__isnull=False).order_by().values_list("intercommunalite_id")
    feux = cartes.lights(Intercommunalite, dict(groups.annotate(Count("pk"))), partial(_of, "intercommunalite"))
    counts = {row["departement_id"]: row["fiches"] for row in rows}
    lignes = [
        {
            "nom": row["departement__nom"],
            "adresse": _of("departement", row["departement_id"]),
            "compte": row["fiches"],
            "detail": euros(row["total"]) if row["total"] else "",
        }
        for row in rows
        if row["departement_id"] in cartes.drawing()["departements"]
    ]
    return "projets/_accueil.html", {
        "chiffres": public.figures(),
        "carte": cartes.draw(counts, feux, partial(_of, "departement")),
        "lignes": lignes,
        "themes": Theme.objects.annotate(fiches=Count("projets", filter=Q(projets__statut=Statut.PUBLIEE)))
        .filter(fiches__gt=0)
        .order_by("-fiches", "nom")[:LISTED],
        "recentes": public.order_by("-datee", "-modifiee_le", "-pk").for_cards()[:3],
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
