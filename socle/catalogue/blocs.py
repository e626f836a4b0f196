"""Writing the sets of a list: which of its public records hold which value.

What a record holds is read by the facets' own expressions, so that the sets say what counting in SQL would. To be
called in the transaction that saves the record, last: who writes sets too waits for its end.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from django.db import connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from pyroaring import BitMap

from socle.catalogue.ensembles import FICHES, MESURE, PUBLIQUES, load
from socle.catalogue.filters import Facet
from socle.catalogue.mesures import digits
from socle.catalogue.models import Bloc, ValeursDeFiche
from socle.memoire.triggers import rise

Key = tuple[str, str]  # facet, value
BLOCK = 1 << 16
FORME = "forme "  # before a value that holds no record: of which facets the sets of a list were made
_NOTHING = BitMap().serialize()
_LOCK = 0x6C61626C  # the number of a lock of PostgreSQL, the project's own
READ = 2_000  # records whose values are read together
ASKED = 200  # blocs that are asked for by name; of more, all of the list


def renew(filterset_class, pks: Iterable[int], *, gone: bool = False, whole: bool = False) -> None:
    """Make the sets of a list say what its records of these keys hold now; those that are not public hold nothing.

    `gone`: they are being deleted. `whole`: every set is looked through, whatever it was last told of them.
    """
    pks, liste = BitMap(pks), filterset_class.liste
    if not pks:
        return
    with transaction.atomic(savepoint=False):
        have_alone()
        wanted = {} if gone else _read(filterset_class, pks)
        told = _told(liste, pks)
        keys = None if whole else {key for key in wanted.keys() | told.keys() if wanted.get(key) != told.get(key)}
        changed = False
        for rang in sorted({pk // BLOCK for pk in pks}) if whole or keys else ():
            block = BitMap(range(rang * BLOCK, (rang + 1) * BLOCK))
            changed |= _write(liste, rang, pks & block, {key: ids & block for key, ids in wanted.items()}, keys)
        if wanted != told:
            _tell(liste, pks, wanted)
        if changed:
            rise(liste)


def build(filterset_class) -> None:
    """Make all sets of a list anew, some records at a time, each time in its own transaction."""
    rows = Bloc.objects.filter(liste=filterset_class.liste)
    rows.exclude(facette__in=[name for name, _ in _columns(filterset_class)]).delete()
    pks = BitMap(filterset_class.public().order_by("pk").values_list("pk", flat=True).iterator())
    for bits in rows.values_list("bits", flat=True).iterator():
        pks |= BitMap.deserialize(bytes(bits))
    pks |= BitMap(ValeursDeFiche.objects.filter(liste=filterset_class.liste).values_list("fiche", flat=True))
    for start in range(0, len(pks), READ):
        renew(filterset_class, pks[start : start + READ], whole=True)
    formes = rows.filter(facette=FICHES, valeur__startswith=FORME)
    formes.exclude(valeur=_forme(filterset_class)).delete()
    formes.get_or_create(
        liste=filterset_class.liste, facette=FICHES, valeur=_forme(filterset_class), rang=0, defaults={"bits": _NOTHING}
    )


def is_built(filterset_class) -> bool:
    """Whether the sets of a list were made of the facets that it has now."""
    return Bloc.objects.filter(liste=filterset_class.liste, facette=FICHES, valeur=_forme(filterset_class)).exists()


def _forme(filterset_class) -> str:
    """What tells the facets of a list from others: a digest of the question that reads them, and of the table beside
    the sets, which a site of before has not filled."""
    question = repr((ValeursDeFiche._meta.db_table, _of_one(filterset_class, connection.vendor)))
    return f"{FORME}{hashlib.sha256(question.encode()).hexdigest()[:16]}"


def every_difference(filterset_class) -> Iterator[int]:
    """The records of which the sets of a list do not say what they hold. For a site at work too."""
    sets = load(filterset_class.liste)
    pks = list(filterset_class._meta.model.objects.order_by("pk").values_list("pk", flat=True).iterator())
    for start in range(0, len(pks), READ):
        found = _differences(filterset_class, pks[start : start + READ], sets)
        if found:  # or they were saved after the sets were read
            yield from _differences(filterset_class, found, load(filterset_class.liste))


def _differences(filterset_class, pks: Iterable[int], sets: dict[str, dict[str, BitMap]]) -> list[int]:
    """The records of these keys of which `sets`, as loaded, do not say what they hold."""
    pks = BitMap(pks)
    if not pks:
        return []
    wanted, told = _read(filterset_class, pks), _told(filterset_class.liste, pks)
    held = {(facette, value): ids for facette, values in sets.items() for value, ids in values.items()}
    differ = BitMap()
    for key in {key for key, ids in held.items() if ids.intersect(pks)} | wanted.keys() | told.keys():
        now = wanted.get(key, BitMap())
        differ |= ((held.get(key, BitMap()) & pks) ^ now) | (told.get(key, BitMap()) ^ now)
    return list(differ)


def _columns(filterset_class) -> list[tuple[str, object]]:
    """(facet, the value that a record holds of it or NULL) of all that a list keeps sets of."""
    filters = filterset_class.base_filters
    columns = [(FICHES, Value(PUBLIQUES))]
    columns += [(name, one.expression) for name, one in filters.items() if isinstance(one, Facet) and one.kept]
    return columns + [(f"{MESURE}{field}", F(field)) for field in sorted(filterset_class.mesures())]


def _read(filterset_class, pks: BitMap) -> dict[Key, BitMap]:
    """{(facet, value): those of the records of these keys that hold it}. One query."""
    if len(pks) == 1:
        sql, params = _of_one(filterset_class, connection.vendor)
        params = [pks[0] if param == _ONE else param for param in params]
    else:
        sql, params = _question(filterset_class, list(pks))
    found: dict[Key, BitMap] = defaultdict(BitMap)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for pk, facette, valeur in cursor.fetchall():
            for value in digits(Decimal(valeur)) if facette.startswith(MESURE) else (valeur,):
                found[facette, value].add(pk)
    return found


def _question(filterset_class, pks: list[int]) -> tuple[str, tuple]:
    """SQL and parameters of (pk, facet, value) of the records of these keys."""
    public = filterset_class.public_by_key().filter(pk__in=pks).order_by()
    one, *others = (
        public.annotate(facette=Value(name, output_field=CharField()), valeur=Cast(column, CharField()))
        .filter(valeur__isnull=False)
        .values_list("pk", "facette", "valeur")
        for name, column in _columns(filterset_class)
    )
    return (one.union(*others, all=True) if others else one).query.sql_with_params()


_ONE = -1  # stands for the key of a record in what `_of_one` keeps


@cache
def _of_one(filterset_class, vendor: str) -> tuple[str, tuple]:
    """The same for one record, kept: a save would spend a third of its time in making it."""
    return _question(filterset_class, [_ONE])


def _told(liste: str, pks: BitMap) -> dict[Key, BitMap]:
    """{(facet, value): those of the records of these keys that the sets were last told to hold it}. One query."""
    told: dict[Key, BitMap] = defaultdict(BitMap)
    rows = ValeursDeFiche.objects.filter(liste=liste, fiche__in=list(pks))
    for pk, valeurs in rows.values_list("fiche", "valeurs"):
        for facette, valeur in json.loads(valeurs):
            told[facette, valeur].add(pk)
    return told


def _tell(liste: str, pks: BitMap, wanted: dict[Key, BitMap]) -> None:
    """Keep what the sets say of the records of these keys."""
    said: dict[int, list[Key]] = defaultdict(list)
    for key in sorted(wanted):
        for pk in wanted[key]:
            said[pk].append(key)
    ValeursDeFiche.objects.filter(liste=liste, fiche__in=list(pks)).delete()
    ValeursDeFiche.objects.bulk_create(
        ValeursDeFiche(liste=liste, fiche=pk, valeurs=json.dumps(keys, ensure_ascii=False)) for pk, keys in said.items()
    )


def _write(liste: str, rang: int, pks: BitMap, wanted: dict[Key, BitMap], keys: set[Key] | None) -> bool:
    """Make one block say of `pks` what is `wanted`, nothing of others; whether something changed.

    `keys`: the values where that may be; None: any.
    """
    rows = Bloc.objects.filter(liste=liste, rang=rang)
    if keys is not None and len(keys) <= ASKED:
        rows = rows.filter(facette__in={key[0] for key in keys}, valeur__in={key[1] for key in keys})
    rows = rows.values_list("facette", "valeur", "pk", "bits")
    held = {
        (facette, valeur): (pk, BitMap.deserialize(bytes(bits)))
        for facette, valeur, pk, bits in rows
        if keys is None or (facette, valeur) in keys
    }
    new, changed = [], []
    for key in sorted(held.keys() | wanted.keys() if keys is None else keys):
        pk, ids = held.get(key, (None, BitMap()))
        after = (ids - pks) | wanted.get(key, BitMap())
        if pk is None and after:
            new.append(Bloc(liste=liste, rang=rang, facette=key[0], valeur=key[1], bits=after.serialize()))
        elif pk and after != ids:
            changed.append((after.serialize(), pk))
    Bloc.objects.bulk_create(new)
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE catalogue_bloc SET bits = %s WHERE id = %s", changed)
    return bool(new or changed)


def have_alone() -> None:
    """Let nobody else write sets until this transaction ends; to be called before the index is written too.

    Who holds them must want no row of a record any more: rows first, then this, then index, sets and pairs.
    """
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
