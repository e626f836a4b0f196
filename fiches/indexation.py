"""Keeps the search index up to date after saves, new themes, renamed choices, deletions.

`Fiche.save` calls `index_fiche`; to save many records, use `together`. Signals do the rest (`connect`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete

from fiches import registre
from fiches.choice_lists import Theme
from fiches.themes import propose_themes
from socle.annuaire.models import Entree, inscrire_fiches
from socle.journal.models import Nature
from socle.journal.writing import alone, inscrire, lot, watch
from socle.recherche.index import Document, index, index_many, remove
from socle.recherche.models import Indexe
from socle.vie_privee.mentions import MASQUE_DE, Genre
from socle.vie_privee.public_text import without_masks

BLOCK = 500


def propose(fiche) -> list[Theme]:
    """Themes from the record's own words."""
    themes = getattr(fiche, "tous_les_themes", None)  # a batch reads them once
    return propose_themes(*own_words(fiche), Theme.objects.all() if themes is None else themes)


def own_words(fiche) -> tuple[str, str]:
    """Its title and text, without masks."""
    titre = fiche.titre_affiche
    titre = "" if titre == fiche.heading(MASQUE_DE[Genre.PERSONNE]) else without_masks(titre)
    return titre, without_masks(fiche.texte_affiche)


def document(fiche) -> Document:
    """What a search finds the record by; the name of its type counts among its themes (« projet cantine »).

    So do « 22 » and « departement22 », its département: socle/recherche/query.py reads « département 22 » as one word,
    so that « département » alone does not find every record.
    """
    declaration = registre.for_model(type(fiche))
    found = fiche.document()
    found = replace(found, **{name: without_masks(getattr(found, name)) for name in ("titre", "lieu", "texte")})
    code = fiche.departement_id
    codes = [code, f"departement{code}"] if code else []
    return replace(found, themes=[*found.themes, declaration.nom, declaration.menu, *codes])


_waiting: ContextVar[dict[type[Model], set[int]] | None] = ContextVar("records to index together", default=None)


@contextmanager
def index_later():
    """Records saved inside are not indexed. Yields {type: keys}, for `index_those`."""
    waiting: dict[type[Model], set[int]] = defaultdict(set)
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


@contextmanager
def together():
    """A transaction whose records are indexed once, at its end, then noted in the change log. Nested ones are parts of
    it.

    Use it to save several records: no writer of the index may wait for a locked record.
    """
    with lot():
        if _waiting.get() is not None:
            yield
            return
        with index_later() as saved:
            yield
        if not transaction.get_rollback():
            index_those(saved)


def parts(items: list, size: int = BLOCK) -> Iterator[list]:
    return (items[start : start + size] for start in range(0, len(items), size))


def index_those(records: dict[type[Model], Iterable[int]]) -> None:
    """Index those that are public, and remove the others."""
    if records:
        alone()
    for model, keys in records.items():
        for block in parts(sorted(keys)):
            index_fiches(model.objects.published_by_key().filter(pk__in=block))
            Indexe.objects.filter(pk__in=block).exclude(entree__in=Entree.objects.published()).delete()


def index_fiche(fiche) -> None:
    """Index a public record, or remove another one. Inside `index_later`, only note it."""
    if (waiting := _waiting.get()) is not None:
        waiting[type(fiche)].add(fiche.pk)
        return
    alone()
    if fiche.is_publiee:
        index(fiche.pk, document(fiche))
    else:
        remove(fiche.pk)


def index_fiches(fiches) -> None:
    """Index published records of one type, in blocks of a few queries."""
    alone()
    index_many(documents(fiches))


def documents(fiches):
    """(pk, document) of records, read in blocks."""
    one, several = _joined(fiches.model)
    rows = fiches.select_related(*one).prefetch_related(*several).iterator(chunk_size=BLOCK)
    return ((fiche.pk, document(fiche)) for fiche in rows)


def _is_record(model: type[Model]) -> bool:
    """Whether rows are records or entries."""
    return model is Entree or model._meta.pk.name == "entree"


def _joined(model: type[Model]) -> tuple[set[str], list[str]]:
    """(foreign keys, many-to-many fields) that a document may read: places and choices, never other records."""
    fields = [field for field in model._meta.concrete_fields if field.many_to_one]
    one = {field.name for field in fields if not _is_record(field.related_model)}
    one.update(registre.for_model(model).liste.related)
    return one, [field.name for field in model._meta.many_to_many]


def _paths_to(model: type[Model], named: type) -> list[str]:
    """Paths from a record to names of `named` in its document: a choice, a place, a place's place."""
    paths = []
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        other = field.related_model
        if other is None or _is_record(other):
            continue
        if other is named:
            paths.append(field.name)
        beyond = [further for further in other._meta.concrete_fields if further.related_model is named]
        paths += [f"{field.name}__{further.name}" for further in beyond]
    return paths


def _named(model: type[Model]) -> set[type[Model]]:
    """Models whose names a document may hold: choices, places, places of these."""
    found: set[type[Model]] = set()
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.related_model and not _is_record(field.related_model):
            beyond = {further.related_model for further in field.related_model._meta.concrete_fields}
            found |= {field.related_model} | (beyond - {None})
    return found


def names_indexed(model: type[Model]) -> set[str]:
    """Names of these models in the change log."""
    return {one._meta.model_name for one in _named(model)}


def _holding(instance) -> list[tuple[type[Model], list[int]]]:
    """(type, keys) of public records whose document may hold this name."""
    found = []
    for declaration in registre.types():
        paths = _paths_to(declaration.model, type(instance))
        if paths:
            named = reduce(or_, (Q(**{path: instance}) for path in paths))
            pks = declaration.model.objects.published().filter(named).values_list("pk", flat=True)
            found.append((declaration.model, list(dict.fromkeys(pks))))
    return found


def _index_again(records: list[tuple[type[Model], list[int]]]) -> None:
    for model, pks in records:
        if pks:
            index_fiches(model.objects.published_by_key().filter(pk__in=pks))


def _several_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Themes or choices of a record changed, from either side."""
    if action == "pre_clear" and reverse:
        instance.fiches_a_indexer = _holding(instance)
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    if not reverse:
        if not hasattr(instance, "skip_history_when_saving"):
            index_fiche(instance)
            inscrire_fiches([instance.pk])
        return
    changed = instance.fiches_a_indexer if action == "post_clear" else [(model, list(pk_set or []))]
    _index_again(changed)
    inscrire_fiches(pk for _, pks in changed for pk in pks)


def _named_saved(sender, instance, created, raw, **kwargs):
    if not raw and not created:
        _index_again(_holding(instance))


def _named_going(sender, instance, **kwargs):
    instance.fiches_a_indexer = _holding(instance)


def _named_gone(sender, instance, **kwargs):
    _index_again(instance.fiches_a_indexer)


def _note_named(instance, gone: bool) -> None:
    """Note the name's change in the log; RETIREE if its key changed."""
    moved = gone or getattr(instance, "adresse_changee", True)
    inscrire(instance._meta.model_name, nature=Nature.RETIREE if moved else Nature.MODIFIEE)


def _fiche_going(sender, instance, **kwargs):
    instance.autres_a_inscrire = instance.others_changed()


def _fiche_gone(sender, instance, origin=None, **kwargs):
    inscrire_fiches(instance.autres_a_inscrire)
    if getattr(origin, "model", type(origin)) is not Entree:  # else the entry's own deletion takes the record along
        Entree.objects.filter(pk=instance.pk).delete()


def connect() -> None:
    """Connect the signals of all types, and of the names that documents hold. Call once, with the registre complete."""
    named = set()
    for declaration in registre.types():
        model = declaration.model
        pre_delete.connect(_fiche_going, sender=model, dispatch_uid=f"partante-{declaration.cle}")
        post_delete.connect(_fiche_gone, sender=model, dispatch_uid=f"entree-{declaration.cle}")
        for field in model._meta.many_to_many:
            through = field.remote_field.through
            m2m_changed.connect(_several_changed, sender=through, dispatch_uid=f"index {through._meta.label}")
        named |= _named(model)
    for model in named:
        label = model._meta.label
        post_save.connect(_named_saved, sender=model, dispatch_uid=f"renomme {label}")
        pre_delete.connect(_named_going, sender=model, dispatch_uid=f"partant {label}")
        post_delete.connect(_named_gone, sender=model, dispatch_uid=f"parti {label}")
        watch(model, _note_named)
