"""Inhabitants of départements, and the brackets of size of communes."""

from functools import cache
from itertools import pairwise

from django.db.models import Sum

from socle.francais.wording import entier, pluriel
from socle.journal.cache import cached
from socle.journal.following import COMMUN
from socle.territoires.models import Commune

# Year of the official populations (« populations de référence », Insee) in fixtures/referentiels/, as in its
# SOURCES.md.
ANNEE = 2023
BOUNDS = [1000, 2000, 3500, 10_000, 50_000]  # inhabitants; from 3 500 on, the law asks more of a commune


@cache
def tailles() -> list[tuple[str, str, int, int | None]]:
    """The brackets of inhabitants, the smallest first: (value, label, first number in, first number out or None)."""
    rows = [(f"0-{BOUNDS[0]}", f"Moins de {entier(BOUNDS[0])} habitants", 0, BOUNDS[0])]
    for low, high in pairwise(BOUNDS):
        rows.append((f"{low}-{high}", f"De {entier(low)} à moins de {entier(high)} habitants", low, high))
    return [*rows, (f"{BOUNDS[-1]}-", f"{entier(BOUNDS[-1])} habitants et plus", BOUNDS[-1], None)]


@cache
def taille(people: int | None) -> str:
    """The bracket of a commune; "" if `people` is unknown."""
    if people is None:
        return ""
    return next(value for value, _, low, high in tailles() if low <= people and (high is None or people < high))


def in_words(people: int) -> str:
    """« 14 764 habitants en 2023 »."""
    return f"{pluriel(people, 'habitant', 'habitants')} en {ANNEE}"


def populations() -> dict[str, int]:
    """{code of a département: sum of its communes}; without those whose sum is unknown."""
    return cached(("populations",), _sums, COMMUN)


def _sums() -> dict[str, int]:
    sums = Commune.objects.order_by().values_list("departement").annotate(Sum("population"))
    return {code: people for code, people in sums if people}
