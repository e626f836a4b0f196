"""Records of one type that may double one another, and why. What an editor said is no double is not told again.

Cheap on purpose: one query for the titles, places, links and amounts of a type, then dictionaries. Two titles are
compared only if they share a rare word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from django.db.models import DecimalField, URLField

from fiches.models import Fiche
from fiches.suivi.models import PasDoublon
from socle.annuaire.models import Statut
from socle.francais.texte import fold
from socle.recherche.analyse import stems

_NO_WORD = re.compile(r"[\W_]+")
TITRE, TITRE_PROCHE, MONTANT, LIEN = "même titre", "titres proches", "même lieu et montant voisin", "même lien"
RARE = 30  # records that a word may stand in to bring their titles together
ALIKE = 0.75  # share of its words that two near titles have in common
NEAR = Decimal("0.02")  # of the larger of two near amounts
CROWD = 50  # records of one key: more of them are a habit of the house, not doubles
TITLES = 20_000  # of which the words are kept
SHARED = 3  # records of one link: more of them lead to a portal, which says nothing of any


# Titles seldom change, and the home of the desk reads all of them: what was made of one is kept with the process.
@lru_cache(TITLES)
def plain_title(titre: str) -> str:
    """A title without accents, capitals and punctuation."""
    return _NO_WORD.sub(" ", fold(titre)).strip()


@lru_cache(TITLES)
def _words(titre: str) -> frozenset[str]:
    return frozenset(stems(titre))


@dataclass(frozen=True)
class Paire:
    """Two records, the older key first, and what makes them alike."""

    premiere: int
    seconde: int
    raisons: tuple[str, ...]


def pairs(model: type[Fiche]) -> list[Paire]:
    """The records of a type that may double one another; those that nobody reads are no trouble. Two queries."""
    fields = model._meta.concrete_fields
    links, amounts = ([f.name for f in fields if isinstance(f, kind)] for kind in (URLField, DecimalField))
    versions = [f.attname for f in fields if f.is_relation and f.related_model is model]
    records = model._default_manager.exclude(statut__in=(Statut.RETIREE, Statut.CORBEILLE)).order_by()
    rows = list(records.values_list("pk", "titre", "entree__lieu", *links, *amounts, *versions))
    titles = {pk: titre for pk, titre, *_ in rows}
    places = {pk: plain_title(lieu) for pk, _, lieu, *_ in rows}
    first_links = {row[0]: _link(row[3 : 3 + len(links)]) for row in rows}
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    same = {pk: plain_title(titre) for pk, titre in titles.items()}
    for raison, values, most in ((TITRE, same, CROWD), (LIEN, first_links, SHARED)):
        for pair in _of_one_value(values, most):
            found[pair].append(raison)
    for pair in _near_titles(titles, places):
        if TITRE not in found[pair]:
            found[pair].append(TITRE_PROCHE)
    for column in range(3 + len(links), 3 + len(links) + len(amounts)):
        for pair in _near_amounts([(row[column], row[0]) for row in rows if row[column]], places):
            found[pair].append(MONTANT)
    # One that replaces another is known to tell of the same thing.
    tied = {
        (min(row[0], other), max(row[0], other)) for row in rows for other in row[len(row) - len(versions) :] if other
    }
    found = {pair: tuple(reasons) for pair, reasons in found.items() if reasons and pair not in tied}
    told = PasDoublon.objects.filter(premiere__in={first for first, _ in found}) if found else ()
    dismissed = {(row.premiere_id, row.seconde_id) for row in told}
    return [Paire(*pair, reasons) for pair, reasons in sorted(found.items()) if pair not in dismissed]


def keys(model: type[Fiche]) -> list[int]:
    """The keys of all records of `pairs`."""
    return members(pairs(model))


def members(found: Iterable[Paire]) -> list[int]:
    """The keys of the records of these pairs."""
    return sorted({pk for pair in found for pk in (pair.premiere, pair.seconde)})


def _of_one_value(values: dict[int, str], most: int) -> set[tuple[int, int]]:
    """Pairs of records of one value, unless more than `most` have it."""
    rows = defaultdict(list)
    for pk, value in values.items():
        if value:
            rows[value].append(pk)
    return {pair for pks in rows.values() if len(pks) <= most for pair in combinations(sorted(pks), 2)}


def _link(links: Iterable[str]) -> str:
    """The first link of a record, as two people may have typed it."""
    link = next(filter(None, links), "")
    return link.partition("://")[2].casefold().removeprefix("www.").rstrip("/")


def _near_titles(titles: dict[int, str], places: dict[int, str]) -> set[tuple[int, int]]:
    """Pairs whose titles have most words in common, of one place or of none."""
    words = {pk: _words(titre) for pk, titre in titles.items()}
    holders = defaultdict(list)
    for pk, found in words.items():
        for word in found:
            holders[word].append(pk)
    candidates = {pair for pks in holders.values() if 1 < len(pks) <= RARE for pair in combinations(sorted(pks), 2)}
    near = set()
    for first, second in candidates:
        a, b = words[first], words[second]
        if places[first] and places[second] and places[first] != places[second]:
            continue
        if len(a & b) >= ALIKE * len(a | b) and len(a & b) > 1:
            near.add((first, second))
    return near


def _near_amounts(amounts: list[tuple[Decimal, int]], places: dict[int, str]) -> set[tuple[int, int]]:
    """Pairs of one place whose amounts are almost the same."""
    near, by_place = set(), defaultdict(list)
    for amount, pk in amounts:
        if places[pk]:
            by_place[places[pk]].append((amount, pk))
    for rows in by_place.values():
        rows.sort()
        for position, (amount, pk) in enumerate(rows):
            for other, second in rows[position + 1 : position + CROWD]:
                if other - amount > NEAR * other:
                    break
                near.add((min(pk, second), max(pk, second)))
    return near


def dismiss(premiere: int, seconde: int, *, user=None) -> None:
    """Take note that neither of two records doubles the other."""
    first, second = sorted((premiere, seconde))
    PasDoublon.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": user})
