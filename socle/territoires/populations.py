"""How many people live in a place."""

from django.db.models import Sum

from socle.memoire.held import held
from socle.memoire.triggers import COMMUN
from socle.territoires.models import Commune


def populations() -> dict[str, int]:
    """{code of a département: its inhabitants}, the sum of its communes; one of unknown ones is left out."""
    return held(("populations",), _sums, COMMUN)


def _sums() -> dict[str, int]:
    sums = Commune.objects.order_by().values_list("departement").annotate(Sum("population"))
    return {code: people for code, people in sums if people}
