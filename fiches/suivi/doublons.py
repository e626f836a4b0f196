"""Pairs of records of one type that may describe the same thing, and why.

Each save writes the keys of its record (`CleDeDoublon`), and only records that share a key are compared: so the cost
stays small however many records there are. The keys of a record are:

- its title
- its first link
- its place with the words of its title, all of them or all but one
- its place with about its amount

A key that too many records share says nothing and is left out. A pair that an editor dismissed does not come back.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from hashlib import blake2b
from itertools import combinations
from math import floor, log
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, DecimalField, QuerySet, URLField

from fiches import registre
from fiches.indexation import BLOCK, parts
from fiches.models import Fiche
from fiches.suivi.models import CleDeDoublon, PasDoublon
from socle.annuaire.models import Statut
from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.journal.following import FICHES
from socle.journal.writing import alone
from socle.recherche.analyse import stems

_NO_WORD = re.compile(r"[\W_]+")
TITRE, LIEN, TITRE_PROCHE, MONTANT = "même titre", "même lien", "titres proches", "même lieu et montant voisin"
RAISONS = (TITRE, LIEN, TITRE_PROCHE, MONTANT)  # the last two bits of a key are the index of its reason
ALIKE = 0.75  # smallest share of words that two near titles have in common
NEAR = Decimal("0.02")  # largest distance of two near amounts, as a share of the larger one
CROWD = 50  # most records with one key: more of them are a habit of the house, not doubles
SHARED = 3  # most records with one link: more of them lead to a portal
LONG = 20  # words of a title that are left out in turn


# What is compared


class _Comparee(NamedTuple):
    titre: str
    mots: frozenset[str]
    lieu: str
    lien: str
    montants: tuple[Decimal | None, ...]
    versions: tuple[int | None, ...]  # the records that it replaces


def _read(model: type[Fiche], pks: Collection[int]) -> dict[int, _Comparee]:
    """{key: what is compared} of these records, except withdrawn ones and the bin. One query per block."""
    fields = model._meta.concrete_fields
    links, amounts = ([f.name for f in fields if isinstance(f, kind)] for kind in (URLField, DecimalField))
    versions = [f.attname for f in fields if f.is_relation and f.related_model is model]
    records = model._default_manager.exclude(statut__in=(Statut.RETIREE, Statut.CORBEILLE)).order_by()
    found = {}
    for block in parts(sorted(pks)):
        rows = records.filter(pk__in=block).values_list("pk", "titre", "entree__lieu", *links, *amounts, *versions)
        for pk, titre, lieu, *others in rows:
            ends = len(links), len(links) + len(amounts)
            found[pk] = _Comparee(
                plain_title(titre),
                frozenset(stems(titre)),
                plain_title(lieu),
                _link(others[: ends[0]]),
                tuple(others[ends[0] : ends[1]]),
                tuple(others[ends[1] :]),
            )
    return found


def plain_title(titre: str) -> str:
    """The title without accents, capitals or punctuation."""
    return _NO_WORD.sub(" ", fold(titre)).strip()


def _link(links: Iterable[str]) -> str:
    """The first link, without scheme, `www.` and final slash."""
    link = next(filter(None, links), "")
    return link.partition("://")[2].casefold().removeprefix("www.").rstrip("/")


def _keys(type_: str, one: _Comparee) -> set[int]:
    """The keys of a record: numbers, since their texts would be long."""
    return {_number(raison, type_, *said) for raison, said in _said(one)}


def _said(one: _Comparee) -> Iterator[tuple[str, tuple]]:
    if one.titre:
        yield TITRE, (one.titre,)
    if one.lien:
        yield LIEN, (one.lien,)
    if len(one.mots) > 1:
        words = sorted(one.mots)
        yield TITRE_PROCHE, (one.lieu, *words)
        if len(words) - 1 >= ALIKE * len(words):
            yield from ((TITRE_PROCHE, (one.lieu, *words[:n], *words[n + 1 :])) for n in range(min(len(words), LONG)))
    for rank, amount in enumerate(one.montants):
        if amount and one.lieu:
            # Each amount is on two steps of this ladder that follow one another: two near amounts share at least one.
            step = floor(log(amount) / -log(1 - NEAR) / 1.001)
            yield from ((MONTANT, (one.lieu, rank, n)) for n in (step, step + 1))


def _number(raison: str, *said) -> int:
    digest = blake2b("\n".join(map(str, said)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True) & ~3 | RAISONS.index(raison)


def _most(key: int) -> int:
    """How many records may share this key."""
    return SHARED if RAISONS[key & 3] == LIEN else CROWD


def _why(one: _Comparee, other: _Comparee, kinds: set[str]) -> list[str]:
    """Why two records look alike. `kinds`: the kinds of key that they share."""
    # A title that many records have still means something for two records of one place.
    titles, same = not kinds.isdisjoint((TITRE, TITRE_PROCHE)), one.titre == other.titre
    common, every = len(one.mots & other.mots), len(one.mots | other.mots)
    amounts = zip(one.montants, other.montants, strict=True)
    says = {
        TITRE: titles and same,
        LIEN: LIEN in kinds and one.lien == other.lien,
        TITRE_PROCHE: TITRE_PROCHE in kinds and not same and common >= ALIKE * every,
        MONTANT: MONTANT in kinds and any(a and b and abs(a - b) <= NEAR * max(a, b) for a, b in amounts),
    }
    return [raison for raison in RAISONS if says[raison]]


# The keys


def on_indexed(sender, pks: list[int], **kwargs) -> None:
    """Handler of `fiches_indexees`."""
    keep_keys(sender, pks)


def keep_keys(model: type[Fiche], pks: Collection[int]) -> None:
    """Writes the present keys of these records, in a transaction of the caller."""
    type_ = registre.for_model(model).cle
    wanted = {(pk, key) for pk, one in _read(model, pks).items() for key in _keys(type_, one)}
    rows = CleDeDoublon.objects.filter(entree__in=pks).values_list("entree_id", "cle", "pk")
    known = {(pk, key): row for pk, key, row in rows}
    if gone := [known[one] for one in known.keys() - wanted]:
        CleDeDoublon.objects.filter(pk__in=gone).delete()
    if came := sorted(wanted - known.keys()):
        CleDeDoublon.objects.bulk_create((CleDeDoublon(entree_id=pk, cle=key) for pk, key in came), BLOCK)


def rebuild(model: type[Fiche]) -> None:
    """Writes the keys of all records of a type, block by block."""
    for block in parts(list(model._default_manager.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            alone()  # so that no save writes keys meanwhile
            keep_keys(model, block)


# The pairs


def pairs(model: type[Fiche]) -> dict[tuple[int, int], str]:
    """{(older key, newer key): reasons} of records that may be doubles, in order."""
    return cached("doublons", _compared, FICHES, clock=_last_rows()).get(model, {})


def _last_rows() -> tuple:
    """The last version of each type and the last dismissed pair; the change log does not tell of drafts."""
    models = [PasDoublon, *(declaration.model.history.model for declaration in registre.types())]
    asked = (f'(SELECT max("{one._meta.pk.column}") FROM "{one._meta.db_table}")' for one in models)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}")
        return cursor.fetchone()


def _compared() -> dict[type[Fiche], dict[tuple[int, int], str]]:
    keys, holders = CleDeDoublon.objects.order_by(), defaultdict(lambda: defaultdict(list))
    few = keys.values("cle").annotate(number=Count("*")).filter(number__range=(2, max(CROWD, SHARED)))
    rows = keys.filter(cle__in=few.values("cle")).values_list("entree__type", "cle", "entree_id")
    for type_, key, pk in rows:
        holders[registre.get(type_).model][key].append(pk)
    told = set(PasDoublon.objects.values_list("premiere_id", "seconde_id"))
    return {model: _pairs(model, held_by, told) for model, held_by in holders.items()}


def _pairs(model: type[Fiche], holders: dict[int, list[int]], told: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The pairs of records that share keys, without the dismissed ones."""
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for key, pks in holders.items():
        if len(pks) <= _most(key):
            for pair in combinations(sorted(pks), 2):
                shared[pair].add(RAISONS[key & 3])
    rows, found = _read(model, {pk for pair in shared for pk in pair}), {}
    for first, second in sorted(shared.keys() - told):
        one, other = rows.get(first), rows.get(second)
        # A record and the one that it replaces are about the same thing, and known to be.
        tied = not (one and other) or second in one.versions or first in other.versions
        if not tied and (reasons := _why(one, other, shared[first, second])):
            found[first, second] = ", ".join(reasons)
    return found


def doubled(records: QuerySet) -> QuerySet:
    """Those of the records that are in a pair."""
    return records.filter(pk__in={pk for pair in pairs(records.model) for pk in pair})


@transaction.atomic
def dismiss(premiere: int, seconde: int, *, user=None) -> None:
    first, second = sorted((premiere, seconde))
    PasDoublon.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": user})
