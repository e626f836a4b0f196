"""What a visitor may ask of the agenda, in the words of the address."""

from django.db.models import Q
from django.utils import timezone

from fiches.filters import AUTOUR, DepartementFacet, SitueeFilterSet, ThemeFacet
from participants.evenements.models import Evenement, agenda_order
from socle.catalogue.filters import Facet


class QuandFacet(Facet):
    """Events to come or past, by the clock of the question."""

    @property
    def choices(self):
        now = timezone.now()
        return [("a-venir", "à venir", Q(termine_le__gte=now)), ("passes", "passés", Q(termine_le__lt=now))]

    @choices.setter
    def choices(self, value):
        """Facet sets them once; here they follow the clock."""


class EvenementFilterSet(SitueeFilterSet):
    groupes = [("Quand", ["quand"]), ("Département", ["departement"]), ("Thème", ["theme"]), AUTOUR]

    quand = QuandFacet(label="quand")
    departement = DepartementFacet()
    theme = ThemeFacet()

    @property
    def tris(self):
        return {
            "date": ("Date, à venir d’abord", agenda_order(timezone.now())),
            "titre": ("Titre, A à Z", ["entree__tri"]),
            "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]),
        }

    class Meta:
        model = Evenement
        fields = []
