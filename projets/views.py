"""Public pages of projects."""

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from fiches.views import FicheDetailView, FicheListView
from projets.columns import PROJET_COLUMNS
from projets.filters import ProjetFilterSet
from projets.models import Projet


class ProjetListView(FicheListView):
    filterset_class = ProjetFilterSet
    columns = PROJET_COLUMNS
    template_name = "projets/projet_list.html"

    related = ("departement__region", "intercommunalite", "commune__intercommunalite")

    def for_cards(self, queryset):
        return queryset.for_cards()

    def summary(self, selection):
        figures = selection.narrowed().figures()
        selection.total = figures["fiches"]
        return {"chiffres": figures}


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
        later = projet.remplacee_par()
        context = {"remplacee_par": later, "proches": near(projet)}
        if projet.remplace_id and projet.remplace.is_publiee:
            context["remplace"] = projet.remplace
        return super().get_context_data(**context, **kwargs)


def near(projet: Projet, how_many: int = 3) -> list[Projet]:
    """Public projects that share a theme or a place, those that share most first, each with its `raison`; its own
    versions left out.
    """
    themes = [theme.pk for theme in projet.themes.all()]
    related = Q(themes__in=themes) if themes else Q()
    scores = [Count("themes", filter=Q(themes__in=themes), distinct=True) * 3 if themes else Value(0)]
    for field, points in (("commune_id", 3), ("intercommunalite_id", 2), ("departement_id", 1)):
        if value := getattr(projet, field):
            related |= Q(**{field: value})
            scores.append(Case(When(**{field: value}, then=Value(points)), default=0, output_field=IntegerField()))
    if not related:
        return []
    others = Projet.objects.published().exclude(pk__in=filter(None, (projet.pk, projet.remplace_id)))
    best = others.filter(related).exclude(remplace=projet).annotate(score=sum(scores[1:], scores[0]))
    best = list(best.order_by("-score", F("montant_eur").desc(nulls_last=True), "pk").for_cards()[:how_many])
    for other in best:
        other.raison = reason(projet, other)
    return best


def reason(projet: Projet, other: Projet) -> str:
    """Why a project stands beside another: « Même thème, même intercommunalité »."""
    same = {
        "thème": {*projet.themes.all()} & {*other.themes.all()},
        "commune": projet.commune_id and projet.commune_id == other.commune_id,
        "intercommunalité": projet.intercommunalite_id and projet.intercommunalite_id == other.intercommunalite_id,
        "département": projet.departement_id and projet.departement_id == other.departement_id,
    }
    words = [f"même {name}" for name, found in same.items() if found]
    return ", ".join(words[:2]).capitalize()
