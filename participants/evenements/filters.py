"""The filters of the agenda, in the words of the address."""

from django.db.models import F, Q
from django.utils import timezone
from pyroaring import BitMap

from fiches.filters import AUTOUR, TAILLE, AnneeFacet, DepartementFacet, SitueeFilterSet, ThemeFacet
from participants.evenements.models import Evenement, agenda_order
from socle.catalogue.filters import Facet


class QuandFacet(Facet):
    """Coming or past events, by the clock at the time of the question."""

    kept = False

    def __init__(self, **kwargs):
        super().__init__(choices=when(), adjectifs={"passes": "passé"}, **kwargs)

    def valeurs(self, list_sets, name):
        rows = Evenement.objects.published().order_by()
        return {value: BitMap(list_sets.rows(rows.filter(condition), this_minute())) for value, _, condition in when()}


def when() -> list[tuple[str, str, Q]]:
    """(value, label, condition) of coming and past events."""
    now = this_minute()
    return [("a-venir", "à venir", Q(termine_le__gte=now)), ("passes", "passés", Q(termine_le__lt=now))]


def this_minute():
    """The present time without seconds: an answer of the same minute can be used again."""
    return timezone.now().replace(second=0, microsecond=0)


class EvenementFilterSet(SitueeFilterSet):
    groupes = [("Quand", ["quand"]), ("Département", ["departement"]), ("Thème", ["theme"]), TAILLE, AUTOUR]

    quand = QuandFacet(label="quand")
    departement = DepartementFacet()
    theme = ThemeFacet()
    annee = AnneeFacet(label="année", day=F("debut"))

    @staticmethod
    def moment():
        return this_minute()

    @property
    def tris(self):
        return {
            "date": ("À venir d’abord", agenda_order(this_minute())),
            "titre": ("Titre, A à Z", ["entree__tri"]),
            "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]),
        }

    class Meta:
        model = Evenement
        fields = []
