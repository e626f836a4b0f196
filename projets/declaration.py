"""Projet, as the rest of the site knows it."""

from django.db.models import Count, Q, Sum

from fiches import registre
from fiches.lists import Theme
from projets.demo import load_projets
from projets.importation import ImportationProjets
from projets.models import Projet
from projets.views import ProjetDetailView, ProjetListView
from socle.annuaire.models import Statut
from socle.comptes import roles
from socle.vie_privee.registre import sans_personne


def accueil() -> tuple[str, dict]:
    """Part of the home page: where the money went, the themes, the latest sheets."""
    public = Projet.objects.published()
    departements = (
        public.filter(departement__isnull=False)
        .values("departement_id", "departement__nom")
        .order_by()
        .annotate(fiches=Count("pk"))
        .order_by("-fiches", "departement_id")[:6]
    )
    totals = dict(public.counted().order_by().values_list("departement_id").annotate(Sum("montant_eur")))
    rows = [{**row, "total": totals.get(row["departement_id"]) or 0} for row in departements]
    return "projets/_accueil.html", {
        "chiffres": public.figures(),
        "departements": rows,
        "plus_haut": max([row["total"] for row in rows], default=0) or 1,
        "themes": Theme.objects.annotate(fiches=Count("projets", filter=Q(projets__statut=Statut.PUBLIEE)))
        .filter(fiches__gt=0)
        .order_by("-fiches", "nom"),
        "recentes": public.filter(datee=True).order_by("-modifiee_le", "-pk").for_cards()[:4],
        "total": public.count(),
    }


registre.add(
    registre.TypeDeFiche(
        cle="projet",
        model=Projet,
        nom="projet",
        nom_pluriel="projets",
        feminin=False,
        titre="Projets France Relance",
        menu="Projets",
        accroche="Sites, portails, téléphonie : ce que les collectivités ont financé et ce qu’elles en retiennent.",
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
