"""Classes of numbers with round bounds: « 1, 2, 3 ou 4, 5 et plus »."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise

from socle.francais.wording import entier

CLASSES = 4
ROUND = (1, 2, 3, 5)  # and zeros


def bounds(values: Iterable[Decimal | int], classes: int = CLASSES) -> list[int]:
    """At most `classes` - 1 round numbers that divide positive values most evenly; no class is empty."""
    ordered = sorted(values)
    if not ordered:
        return []
    by_rank: dict[int, int] = {}  # {how many values are below: the first round number with so many}
    power = 1
    while power <= ordered[-1]:
        for digit in ROUND:
            by_rank.setdefault(bisect_left(ordered, digit * power), digit * power)
        power *= 10
    ranks = [rank for rank in by_rank if 0 < rank < len(ordered)]
    kept: set[int] = set()
    for part in range(1, classes):
        wanted = len(ordered) * part / classes
        if left := [rank for rank in ranks if rank not in kept]:
            kept.add(min(left, key=lambda rank: abs(rank - wanted)))
    return [by_rank[rank] for rank in sorted(kept)]


def class_of(value: Decimal | int, limits: list[int]) -> int:
    """The class of a value, from 1."""
    return bisect_right(limits, value) + 1


def count_words(counts: Iterable[int], limits: list[int], nom: str) -> list[str]:
    """The words of each class of counts: « 1 fiche », « 2 », « 3 ou 4 », « 5 et plus ». `nom`: "singular|plural"."""
    ordered = sorted(counts)
    if not ordered:
        return []
    singular, _, plural = nom.partition("|")
    words = []
    for low, above in zip([ordered[0], *limits], [*limits, None], strict=True):
        high = above - 1 if above else ordered[-1]
        if low == high:
            words.append(entier(low))
        elif above is None and limits:
            words.append(f"{entier(low)} et plus")
        else:
            words.append(f"{entier(low)} {'ou' if high == low + 1 else 'à'} {entier(high)}")
    return [f"{words[0]} {singular if words[0] == '1' else plural}", *words[1:]]


def amount_words(amounts: Iterable[Decimal], limits: list[int], say: Callable[[Decimal | int], str]) -> list[str]:
    """Like `count_words`, for amounts: « moins de 100 k€ », « 100 k€ à 200 k€ », « 200 k€ et plus »."""
    ordered = sorted(amounts)
    if not limits:
        return [" à ".join(dict.fromkeys([say(ordered[0]), say(ordered[-1])]))] if ordered else []
    between = [f"{say(low)} à {say(high)}" for low, high in pairwise(limits)]
    return [f"moins de {say(limits[0])}", *between, f"{say(limits[-1])} et plus"]
