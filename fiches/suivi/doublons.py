"""Finds pairs of records of one type that may describe the same thing, and why, each time somebody asks.

It compares only records that share the title, the first link, or the place with about the same words or amount. What
too many records share counts for nothing. Pairs that an editor dismissed stay away.
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
ALIKE = 0.75  # smallest share of common words in near titles
NEAR = Decimal("0.02")  # largest distance of near amounts, as a share of the larger
CROWD = 50  # most records that share something: beyond, it is a habit
SHARED = 3  # most records with one link: beyond, it is a portal
LONG = 20  # words of a title left out in turn


class _Comparee(NamedTuple):
    titre: str
    mots: frozenset[str]
    lieu: str
    lien: str
    montants: tuple[Decimal | None, ...]
    versions: tuple[int | None, ...]


def pairs(model: type[Fiche]) -> dict[tuple[int, int], str]:
    """{(older key, newer key): reasons} of possible doubles, in order."""
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
        # A record and the one that it replaces are known to be alike.
        tied = second in one.versions or first in other.versions
        if not tied and (reasons := _why(one, other, shared[first, second])):
            found[first, second] = ", ".join(reasons)
    return found


def _read(model: type[Fiche]) -> dict[int, _Comparee]:
    """{key: what is compared} for one type, without withdrawn records and the bin, oldest first."""
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
    return _NO_WORD.sub(" ", fold(titre)).strip()


def _link(links: Iterable[str]) -> str:
    """The first link, without scheme, `www.` and final slash."""
    link = next(filter(None, links), "")
    return link.partition("://")[2].casefold().removeprefix("www.").rstrip("/")


def _words(one: _Comparee) -> list[frozenset[str]]:
    """All words of a title, and all but one in turn: near titles share one of these sets."""
    if len(one.mots) < 2:
        return []
    fewer = len(one.mots) - 1 >= ALIKE * len(one.mots)
    return [one.mots, *(one.mots - {word} for word in sorted(one.mots)[:LONG] if fewer)]


def _steps(one: _Comparee) -> list[tuple[int, int]]:
    """Two steps of a ladder for each amount: near amounts share one."""
    found = []
    for rank, amount in enumerate(one.montants):
        if amount:
            step = floor(log(amount) / -log(1 - NEAR) / 1.001)
            found += [(rank, step), (rank, step + 1)]
    return found


def _why(one: _Comparee, other: _Comparee, kinds: set[str]) -> list[str]:
    """Why two records look alike. `kinds`: the kinds of thing that they share."""
    # A frequent title still means something for two records of one place.
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
    return records.filter(pk__in={pk for pair in pairs(records.model) for pk in pair})


@transaction.atomic
def dismiss(premiere: int, seconde: int, *, user=None) -> None:
    first, second = sorted((premiere, seconde))
    PasDoublon.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": user})
