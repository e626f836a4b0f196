"""Filters and sorts of the glossary, in the words of its address."""

from django.db.models import Q

from fiches.glossaire.models import Terme
from socle.catalogue.filters import Facet
from socle.catalogue.filterset import SelectionFilterSet


class TermeFilterSet(SelectionFilterSet):
    tris = {"titre": ("Mot, A à Z", ["entree__tri"])}
    groupes = [("État", ["etat"])]
    par_pertinence = False  # a glossary stays in alphabetical order

    etat = Facet(
        label="état",
        adjectifs={"defini": "défini"},
        choices=[("defini", "Défini", ~Q(definition="")), ("a-definir", "À définir", Q(definition=""))],
    )

    class Meta:
        model = Terme
        fields = []
