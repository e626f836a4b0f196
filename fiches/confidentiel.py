"""What no public page prints: e-mail addresses, and the names of persons who have not agreed to be shown.

`public` is the one door: records that come through it have all their texts masked, wherever somebody wrote a name, so
that no page, card, snippet or file has to think of it. `masquer` does the same for one text. The names are those that
the site holds: contacts of records (below), and what other rooms announce with `register`. They are kept in memory:
renewed when one is saved or deleted in this process, and within TTL seconds in others. A page pays no query but then.

How a name is found in a text: fiches/masques.py. Organisations written among persons are told from them by what they
are made of (fiches/personnes.py), never by what a public record says: anybody's name could be written there.
"""

import threading
import time
from collections.abc import Callable, Iterable
from copy import copy
from functools import cache, lru_cache, partial
from itertools import chain, count

from django.apps import apps
from django.db import transaction
from django.db.models import CharField, Prefetch, QuerySet, SlugField, TextField, URLField
from django.db.models.query import ModelIterable
from django.db.models.signals import post_delete, post_save

from fiches.masques import ADRESSE_MASQUEE, NOM_MASQUE, TELEPHONE_MASQUE, Names, numbers_of, words_in
from fiches.personnes import CIVILITES, is_common, is_name, person_names, starts_with_first_name, surname, words_of
from socle.recherche.parsing import Mode
from socle.recherche.query import matching
from socle.territoires.noms import comparison_key

__all__ = [
    "ADRESSE_MASQUEE",
    "NOM_MASQUE",
    "TELEPHONE_MASQUE",
    "is_common",
    "is_name",
    "masquer",
    "montrer",
    "person_names",
    "public",
    "register",
    "words_of",
]

TTL = 30  # seconds


# The names that the site holds

Source = Callable[[QuerySet], Iterable[str]]
_sources: dict[str, Source] = {}


def register(model: str, source: Source) -> None:
    """Announce a model, « app.Model », whose rows name persons. `source`: rows to what no page may print of them.

    That is full names and e-mail addresses. A save or a deletion renews what this process knows.
    """
    _sources[model] = source
    post_save.connect(_saved, sender=model, dispatch_uid=f"confidentiel {model}")
    post_delete.connect(_changed, sender=model, dispatch_uid=f"confidentiel {model}")


_lock = threading.Lock()
_counter = count(1)
_names = Names()
_change = 0  # number of the last change that this process knows of
_read_change = -1  # the one that the names were read after
_read_at = 0.0


def masquer(text: str) -> str:
    """`text` as the public may read it: « [adresse masquée] » for e-mail addresses, « [nom masqué] » for names."""
    return names().mask(text) if text else text


def names() -> Names:
    """The names as this process knows them, read again if they have changed here or are TTL old."""
    global _names, _read_change, _read_at
    if _is_stale():
        with _lock:
            if _is_stale():  # or else another thread has done it meanwhile
                change, now = _change, time.monotonic()
                _names = Names(text for model, source in _sources.items() for text in source(_rows(model)))
                _read_change, _read_at = change, now
    return _names


def _is_stale() -> bool:
    return _read_change != _change or time.monotonic() - _read_at > TTL


def _rows(model: str) -> QuerySet:
    return apps.get_model(model)._base_manager.all()


def reset() -> None:
    """Hold no name, as in an empty database: for a test that starts, whose predecessor's rows were rolled back."""
    global _names, _read_change, _read_at
    with _lock:
        _names, _read_change, _read_at = Names(), _change, time.monotonic()


def forget() -> None:
    """Read the names again when they are next needed."""
    global _change
    _change = next(_counter)


def _changed(sender, instance=None, **kwargs):
    forget()
    # Once more when it is committed: until then another thread may have read the rows as they were.
    transaction.on_commit(forget, using=kwargs.get("using"))


def _saved(sender, instance, raw=False, **kwargs):
    _changed(sender, **kwargs)
    if not raw:
        leave = partial(_leave_index, sender._meta.label, instance.pk)
        transaction.on_commit(leave, using=kwargs.get("using"), robust=True)


def _leave_index(model: str, pk) -> None:
    """Index again the public records that name a person who is held from now on: a search finds them by it no more."""
    from fiches import registre
    from fiches.indexation import index_fiches

    published = apps.get_model("annuaire.Entree").objects.published()
    for query, mode in chain.from_iterable(map(_searches, _sources[model](_rows(model).filter(pk=pk)))):
        found: dict[str, list[int]] = {}
        for entree, type_ in matching(published.order_by(), query, mode).values_list("pk", "type"):
            found.setdefault(type_, []).append(entree)
        for type_, pks in found.items():
            index_fiches(registre.get(type_).model.objects.published().filter(pk__in=pks))


def _searches(text: str) -> Iterable[tuple[str, Mode]]:
    """Searches that find the public records in which `text`, a name or a telephone number, is masked."""
    if is_name(text):
        words = [mot.plain for mot in words_in(text)]
        if words[0] not in CIVILITES:
            yield text, Mode.ALL
        last = " ".join(surname(text))
        called = [f'"{civilite} {last}"' for civilite in sorted(CIVILITES)] if last else []
        yield " ".join(["".join(words), "".join([words[-1], *words[:-1]]), *called]), Mode.ANY
    for number in numbers_of(text):
        pairs = f"{number[0]} {' '.join(map(''.join, zip(number[1::2], number[2::2], strict=True)))}"
        yield f'0{number} 33{number} 0033{number} "0{pairs}" "33 {pairs}" "33 0 {pairs}"', Mode.ANY


# Whole records

ENTREE = "annuaire.Entree"
LISTES = ("fiches.Choix", "fiches.Theme")


class _Shown(ModelIterable):
    def __iter__(self):
        yield from map(montrer, super().__iter__())


def public(queryset: QuerySet) -> QuerySet:
    """`queryset`, whose records come as the public may read them: title, place, card, page, file, all from one door.

    So do the values of lists that it prefetches.
    """
    queryset = queryset.all()
    queryset._iterable_class = _Shown
    queryset._prefetch_related_lookups = tuple(
        _shown_lookup(queryset.model, lookup) for lookup in dict.fromkeys(queryset._prefetch_related_lookups)
    )
    return queryset


def _shown_lookup(model: type, lookup):
    """`lookup`, with masked rows if it is the name of a field that chooses among values of a list."""
    fields = {field.name: field for field in model._meta.many_to_many} if isinstance(lookup, str) else {}
    field = fields.get(lookup)
    if field is None or field.related_model._meta.label not in LISTES:
        return lookup
    return Prefetch(lookup, public(field.related_model._default_manager.all()))


def montrer(record):
    """`record` with its texts masked in memory; a link is whole or not there. Records joined to it: masked copies.

    One that was changed refuses to be saved: its masks would replace what people wrote.
    """
    record.__dict__ |= _masks(record)
    joined = record._state.fields_cache
    for name, other in joined.items():
        if masks := _masks(other):
            joined[name] = copy(other)
            joined[name].__dict__ |= masks
    return record


def _masks(record) -> dict:
    """What changes in the attributes of a record as the public may read it: most often nothing."""
    values, known = getattr(record, "__dict__", {}), names()
    texts = [(name, values[name], is_link) for name, is_link in _texts(type(record)) if values.get(name)]
    if known.is_plain("\n".join(text for _, text, _ in texts)):
        return {}
    masked = {name: known.mask(text) for name, text, _ in texts}
    changed = {name: "" if is_link else masked[name] for name, text, is_link in texts if masked[name] != text}
    return changed | {"save": _refuse} if changed else {}


@cache
def _texts(model: type) -> list[tuple[str, bool]]:
    """(field, whether it is a link) of each free text of a record type, the directory or a list; none of others."""
    opts = getattr(model, "_meta", None)
    if opts is None or not (opts.pk.name == "entree" or opts.label in (ENTREE, *LISTES)):
        return []
    return [
        (field.attname, isinstance(field, URLField))
        for field in opts.concrete_fields
        if isinstance(field, CharField | TextField) and not isinstance(field, SlugField) and not field.choices
    ]


def _refuse(*args, **kwargs):
    raise TypeError("this record was masked for the public: load it again, unmasked, to save it")


# Contacts of records

CONTACT = "fiches.Contact"


def contact_names(contacts: QuerySet) -> Iterable[str]:
    """Persons of records who have not agreed to be shown, their addresses and telephones; organisations left out."""
    rows = contacts.filter(accord=False).order_by().values_list("nom", "courriel", "telephone", "role").distinct()
    persons = set()
    for nom, courriel, telephone, role in rows:
        persons.update(_persons(nom, capitals=role == contacts.model.Role.CONTACT))
        yield from filter(None, (courriel, *numbers_of(telephone), *numbers_of(nom)))
    places = _communes(persons)
    yield from (name for name in persons if comparison_key(name) not in places)


_persons = lru_cache(maxsize=20_000)(person_names)


def _communes(names: Iterable[str]) -> set[str]:
    """Which names, as keys, are those of communes: « Plougastel-Daoulas ». One with a first name is a person's."""
    keys = {comparison_key(name) for name in names if not starts_with_first_name(name)}
    communes = apps.get_model("referentiels.Commune").objects
    return set(communes.filter(cle__in=keys).values_list("cle", flat=True)) if keys else set()


register(CONTACT, contact_names)
