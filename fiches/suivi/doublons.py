"""Records of one type that may double one another, and why: kept in a table, found when one of them is saved.

Each record has keys, and only records of one key are compared: its title; its first link; its place with the words of
its title, and with all of these but one; its place with about its amount. So a save reads the few records that share
a key with its own, however many there are. A key that many share says nothing: whoever makes them too many, or few
again, has the pairs of all of them found anew. What an editor said is no double is not told again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from hashlib import blake2b
from math import floor, log
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import DecimalField, Q, QuerySet, URLField

from fiches import registre
from fiches.indexation import BLOCK, is_waiting, parts
from fiches.models import Fiche
from fiches.suivi.models import CleDeDoublon, PairePossible, PasDoublon
from socle.annuaire.models import Statut
from socle.francais.texte import fold
from socle.recherche.analyse import stems

_NO_WORD = re.compile(r"[\W_]+")
TITRE, LIEN, TITRE_PROCHE, MONTANT = "même titre", "même lien", "titres proches", "même lieu et montant voisin"
RAISONS = (TITRE, LIEN, TITRE_PROCHE, MONTANT)  # the last two bits of a key say of which it is
ALIKE = 0.75  # share of its words that two near titles have in common
NEAR = Decimal("0.02")  # of the larger of two near amounts
CROWD = 50  # records of one key: more of them are a habit of the house, not doubles
SHARED = 3  # records of one link: more of them lead to a portal, which says nothing of any
LONG = 20  # words of a title that are left out in turn


# What is compared


class _Comparee(NamedTuple):
    """What one record is compared by."""

    titre: str
    mots: frozenset[str]
    lieu: str
    lien: str
    montants: tuple[Decimal | None, ...]
    versions: tuple[int | None, ...]  # the records that it replaces


def _read(model: type[Fiche], pks: Collection[int]) -> dict[int, _Comparee]:
    """{key: what is compared} of these records; of those that nobody reads nothing. One query a block."""
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
    """A title without accents, capitals and punctuation."""
    return _NO_WORD.sub(" ", fold(titre)).strip()


def _link(links: Iterable[str]) -> str:
    """The first link of a record, as two people may have typed it."""
    link = next(filter(None, links), "")
    return link.partition("://")[2].casefold().removeprefix("www.").rstrip("/")


def _keys(type_: str, one: _Comparee) -> set[int]:
    """The keys of a record: numbers, as what they are made of is long."""
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
            # Two near amounts stand on one step of this ladder or on two that follow, of which each has both.
            step = floor(log(amount) / -log(1 - NEAR) / 1.001)
            yield from ((MONTANT, (one.lieu, rank, n)) for n in (step, step + 1))


def _number(raison: str, *said) -> int:
    digest = blake2b("\n".join(map(str, said)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True) & ~3 | RAISONS.index(raison)


def _most(key: int) -> int:
    """How many records may share a key and be compared."""
    return SHARED if RAISONS[key & 3] == LIEN else CROWD


def _why(one: _Comparee, other: _Comparee, kinds: set[str]) -> list[str]:
    """What makes two records alike, that share keys of these kinds."""
    # A title that many share tells something still of two records of one place.
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


# The table


def on_saved(sender, fiche: Fiche, **kwargs) -> None:
    """Handler of `fiche_enregistree`; those of a batch are found at its end."""
    if not is_waiting():
        find_again(sender, [fiche.pk])


def on_indexed(sender, pks: list[int], **kwargs) -> None:
    """Handler of `fiches_indexees`."""
    find_again(sender, pks)


def find_again(model: type[Fiche], pks: Collection[int]) -> None:
    """Keep the keys of these records of a type as they now stand, and find the pairs that follow; in a transaction.

    Records go by the bin, which has no pairs: of one that is erased outright, the others of a crowd that is none any
    more wait for a save of theirs.
    """
    type_ = registre.for_model(model).cle
    rows = _read(model, pks)
    wanted = {(pk, key) for pk, one in rows.items() for key in _keys(type_, one)}
    known = CleDeDoublon.objects.filter(entree__in=pks).values_list("entree_id", "cle", "pk")
    held = {(pk, key): row for pk, key, row in known}
    came, gone = wanted - held.keys(), held.keys() - wanted
    if gone:
        CleDeDoublon.objects.filter(pk__in=[held[one] for one in gone]).delete()
    if came:
        CleDeDoublon.objects.bulk_create((CleDeDoublon(entree_id=pk, cle=key) for pk, key in sorted(came)), BLOCK)
    more, less = (Counter(key for _, key in ones) for ones in (came, gone))
    keys = {key for _, key in wanted | gone}
    holders = _holders({key: _most(key) + 1 + more[key] for key in keys})
    # Of a key that is shared by too many from now on, or no more, the pairs of all who have it change.
    concerned = {*pks}
    for key, found in holders.items():
        if (len(found) > _most(key)) != (len(found) - more[key] + less[key] > _most(key)):
            concerned.update(found)
    if others := concerned.difference(pks):
        rows |= _read(model, others)
        keys = {key for pk in rows.keys() & others for key in _keys(type_, rows[pk])} - keys
        holders |= _holders({key: _most(key) + 1 for key in keys})
    _write(type_, concerned, _pairs(model, concerned, rows, holders))


def rebuild(model: type[Fiche]) -> None:
    """Find the pairs of a whole type anew, in blocks."""
    for block in parts(list(model._default_manager.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            find_again(model, block)


def _pairs(
    model: type[Fiche], pks: set[int], rows: dict[int, _Comparee], holders: dict[int, list[int]]
) -> dict[tuple[int, int], str]:
    """{two records: what makes them alike} of the pairs of some records. `holders`: of all their keys."""
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for key, found in holders.items():
        if len(found) <= _most(key):
            for one in pks.intersection(found):
                for other in found:
                    shared[min(one, other), max(one, other)].add(RAISONS[key & 3])
    rows = rows | _read(model, {pk for pair in shared for pk in pair} - rows.keys())
    found = {}
    for (first, second), kinds in shared.items():
        one, other = rows.get(first), rows.get(second)
        # One that replaces another is known to tell of the same thing.
        tied = not (one and other) or first == second or second in one.versions or first in other.versions
        if not tied and (reasons := _why(one, other, kinds)):
            found[first, second] = ", ".join(reasons)
    for pair in [*_told(found)]:
        del found[pair]
    return found


def _told(found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of these pairs, those of which an editor said that they are none."""
    for block in parts(list(found)):
        firsts, seconds = zip(*block, strict=True)
        told = PasDoublon.objects.filter(premiere__in=firsts, seconde__in=seconds)
        yield from {*block}.intersection(told.values_list("premiere_id", "seconde_id"))


def _write(type_: str, pks: set[int], found: dict[tuple[int, int], str]) -> None:
    """Let these be the pairs of these records."""
    before = {}
    for block in parts(sorted(pks)):
        held = PairePossible.objects.filter(Q(premiere__in=block) | Q(seconde__in=block))
        for pk, first, second, said in held.values_list("pk", "premiere_id", "seconde_id", "raisons"):
            before[first, second] = pk, said
    if gone := [before[pair][0] for pair in sorted(before.keys() - found.keys())]:
        PairePossible.objects.filter(pk__in=gone).delete()
    changed = [pair for pair in sorted(found) if pair not in before or before[pair][1] != found[pair]]
    if changed:
        new = (
            PairePossible(type=type_, premiere_id=pair[0], seconde_id=pair[1], raisons=found[pair]) for pair in changed
        )
        told = {"unique_fields": ["type", "premiere", "seconde"], "update_fields": ["raisons"]}
        # On PostgreSQL both of two records may be saved at one moment.
        PairePossible.objects.bulk_create(new, BLOCK, update_conflicts=True, **told)


def _holders(most: dict[int, int]) -> dict[int, list[int]]:
    """{key: records that have it}, of each as many as `most` says. One query a block, of an index alone."""
    table = CleDeDoublon._meta.db_table
    one = f"SELECT * FROM (SELECT cle, entree_id FROM {table} WHERE cle = %s LIMIT %s) AS tous"  # noqa: S608
    found: dict[int, list[int]] = {key: [] for key in most}
    with connection.cursor() as cursor:
        for block in parts(list(most.items()), 100):
            cursor.execute(" UNION ALL ".join([one] * len(block)), [value for asked in block for value in asked])
            for key, pk in cursor.fetchall():
                found[key].append(pk)
    return found


# Reading it


def pairs(model: type[Fiche]) -> QuerySet[PairePossible]:
    """The records of a type that may double one another, the older key first."""
    return PairePossible.objects.filter(type=registre.for_model(model).cle).order_by("premiere_id", "seconde_id")


def members(model: type[Fiche]) -> QuerySet:
    """The keys of the records of a type that stand in a pair: none of them is in the bin."""
    firsts, seconds = (pairs(model).order_by().values(name) for name in ("premiere", "seconde"))
    return firsts.union(seconds)


def doubled(records: QuerySet) -> QuerySet:
    """Of some records those that stand in a pair."""
    return records.filter(pk__in=members(records.model))


def dismiss(premiere: int, seconde: int, *, user=None) -> None:
    """Take note that neither of two records doubles the other."""
    first, second = sorted((premiere, seconde))
    PasDoublon.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": user})
    PairePossible.objects.filter(premiere=first, seconde=second).delete()
