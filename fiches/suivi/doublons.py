"""Records of one type that may double one another, and why: compared when somebody asks.

Only records that share something are compared: their title, their first link, their place with about their words or
about their amount. What many share says nothing. What an editor said is no double is not told again.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import combinations
from math import floor, log
from typing import NamedTuple

from django.db import transaction
from django.db.models import DecimalField, QuerySet, URLField

from fiches.models import Fiche
from fiches.suivi.models import PasDoublon
from socle.annuaire.models import Statut
from socle.francais.texte import fold
from socle.recherche.analyse import stems

_NO_WORD = re.compile(r"[\W_]+")
TITRE, LIEN, TITRE_PROCHE, MONTANT = "même titre", "même lien", "titres proches", "même lieu et montant voisin"
RAISONS = (TITRE, LIEN, TITRE_PROCHE, MONTANT)
ALIKE = 0.75  # share of its words that two near titles have in common
NEAR = Decimal("0.02")  # of the larger of two near amounts
CROWD = 50  # records that share something: more of them are a habit of the house, not doubles
SHARED = 3  # records of one link: more of them lead to a portal, which says nothing of any
LONG = 20  # words of a title that are left out in turn


class _Comparee(NamedTuple):
    """What one record is compared by."""

    titre: str
    mots: frozenset[str]
    lieu: str
    lien: str
    montants: tuple[Decimal | None, ...]
    versions: tuple[int | None, ...]  # the records that it replaces


def pairs(model: type[Fiche]) -> dict[tuple[int, int], str]:
    """{two records of a type that may double one another, the older key first: why}, in their order."""
    rows = _read(model)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)

    def share(raison: str, keys: Callable[[_Comparee], Iterable], among: Iterable[int], most: int = CROWD) -> None:
        holders = defaultdict(list)
        for pk in among:
            for key in keys(rows[pk]):
                holders[key].append(pk)
        for pks in holders.values():
            if len(pks) <= most:
                for pair in combinations(pks, 2):
                    shared[pair].add(raison)

    share(TITRE, lambda one: [one.titre] if one.titre else [], rows)
    share(LIEN, lambda one: [one.lien] if one.lien else [], rows, SHARED)
    places = defaultdict(list)
    for pk, one in rows.items():
        places[one.lieu].append(pk)
    for lieu, among in places.items():
        share(TITRE_PROCHE, _words, among)
        if lieu:
            share(MONTANT, _steps, among)
    told = set(PasDoublon.objects.values_list("premiere_id", "seconde_id"))
    found = {}
    for first, second in sorted(shared.keys() - told):
        one, other = rows[first], rows[second]
        # One that replaces another is known to tell of the same thing.
        tied = second in one.versions or first in other.versions
        if not tied and (reasons := _why(one, other, shared[first, second])):
            found[first, second] = ", ".join(reasons)
    return found


def _read(model: type[Fiche]) -> dict[int, _Comparee]:
    """{key: what is compared} of the records of a type that somebody reads, the oldest first."""
    fields = model._meta.concrete_fields
    links, amounts = ([f.name for f in fields if isinstance(f, kind)] for kind in (URLField, DecimalField))
    versions = [f.attname for f in fields if f.is_relation and f.related_model is model]
    records = model._default_manager.exclude(statut__in=(Statut.RETIREE, Statut.CORBEILLE)).order_by("pk")
    ends = len(links), len(links) + len(amounts)
    return {
        pk: _Comparee(
            plain_title(titre),
            frozenset(stems(titre)),
            plain_title(lieu),
            _link(others[: ends[0]]),
            tuple(others[ends[0] : ends[1]]),
            tuple(others[ends[1] :]),
        )
        for pk, titre, lieu, *others in records.values_list("pk", "titre", "entree__lieu", *links, *amounts, *versions)
    }


def plain_title(titre: str) -> str:
    """A title without accents, capitals and punctuation."""
    return _NO_WORD.sub(" ", fold(titre)).strip()


def _link(links: Iterable[str]) -> str:
    """The first link of a record, as two people may have typed it."""
    link = next(filter(None, links), "")
    return link.partition("://")[2].casefold().removeprefix("www.").rstrip("/")


def _words(one: _Comparee) -> list[frozenset[str]]:
    """The words of a title, and all of them but one: two near titles have one of these in common."""
    if len(one.mots) < 2:
        return []
    fewer = len(one.mots) - 1 >= ALIKE * len(one.mots)
    return [one.mots, *(one.mots - {word} for word in sorted(one.mots)[:LONG] if fewer)]


def _steps(one: _Comparee) -> list[tuple[int, int]]:
    """Steps of a ladder: two near amounts stand on one step or on two that follow, of which each has both."""
    found = []
    for rank, amount in enumerate(one.montants):
        if amount:
            step = floor(log(amount) / -log(1 - NEAR) / 1.001)
            found += [(rank, step), (rank, step + 1)]
    return found


def _why(one: _Comparee, other: _Comparee, kinds: set[str]) -> list[str]:
    """What makes two records alike, that share something of these kinds."""
    # A title that many share tells something still of two records of one place.
    titles, same = not kinds.isdisjoint((TITRE, TITRE_PROCHE)), one.titre == other.titre
    common, every = len(one.mots & other.mots), len(one.mots | other.mots)
    amounts = zip(one.montants, other.montants, strict=True)
    says = {
        TITRE: titles and same,
        LIEN: LIEN in kinds,
        TITRE_PROCHE: TITRE_PROCHE in kinds and not same and common >= ALIKE * every,
        MONTANT: MONTANT in kinds and any(a and b and abs(a - b) <= NEAR * max(a, b) for a, b in amounts),
    }
    return [raison for raison in RAISONS if says[raison]]


def doubled(records: QuerySet) -> QuerySet:
    """Of some records those that stand in a pair."""
    return records.filter(pk__in={pk for pair in pairs(records.model) for pk in pair})


@transaction.atomic
def dismiss(premiere: int, seconde: int, *, user=None) -> None:
    """Take note that neither of two records doubles the other."""
    first, second = sorted((premiere, seconde))
    PasDoublon.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": user})
