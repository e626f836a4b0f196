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


def near(projet: Projet, how_many: int = 3):
    """Public projects that share a theme or a place, those that share most first; its own versions left out."""
    themes = [theme.pk for theme in projet.themes.all()]
    related = Q(themes__in=themes) if themes else Q()
    scores = [Count("themes", filter=Q(themes__in=themes), distinct=True) * 3 if themes else Value(0)]
    for field, points in (("commune_id", 3), ("intercommunalite_id", 2), ("departement_id", 1)):
        if value := getattr(projet, field):
            related |= Q(**{field: value})
            scores.append(Case(When(**{field: value}, then=Value(points)), default=0, output_field=IntegerField()))
    if not related:
        return Projet.objects.none()
    others = Projet.objects.published().exclude(pk__in=filter(None, (projet.pk, projet.remplace_id)))
    best = others.filter(related).exclude(remplace=projet).annotate(score=sum(scores[1:], scores[0]))
    return best.order_by("-score", F("montant_eur").desc(nulls_last=True), "pk").for_cards()[:how_many]
