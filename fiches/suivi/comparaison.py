"""Finds what changed between two versions of a record: by field and, inside a text, word by word.

Histories, merges and the check for concurrent edits depend on it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby

from django.db import models

from fiches.models import Fiche
from socle.francais.texte import fold
from socle.francais.valeurs import FILE, PAGE, as_words, parted, unix
from socle.francais.wording import pluriel

SAME, REMOVED, ADDED = "same", "removed", "added"

# A word and the blanks around it, so that texts never share only blanks.
_TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])\s*|\s+")
# How many pairs of equal words are compared, about a second of work. Past that, a passage is shown as replaced.
_WORK = 4_000_000
# Below this share of kept words, a passage is shown as replaced: « les » and « de » in common mean nothing.
_KEPT = 0.4


@dataclass(frozen=True)
class Fragment:
    """A passage of two compared texts. `kind`: SAME, REMOVED or ADDED. `prives`: (start, end) of private words."""

    kind: str
    text: str
    prives: tuple[tuple[int, int], ...] = ()


def compare_texts(before: str, after: str) -> list[Fragment]:
    """The passages of both texts, in order; adjacent changes are one passage.

    SAME and ADDED joined give `after`. A change of blanks alone is no change.
    """
    pieces = []
    old, new = unix(before).splitlines(keepends=True), unix(after).splitlines(keepends=True)
    for same, old_lines, new_lines in _matches(old, new):
        pieces += [(SAME, new_lines)] if same else _compare_words(old_lines, new_lines)
    return _joined(pieces)


def _compare_words(before: str, after: str) -> Iterable[tuple[str, str]]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs = list(_matches(old, new, key=str.strip))
    kept = sum(len(_TOKEN.findall(words)) for same, _, words in runs if same)
    if kept >= _KEPT * min(len(old), len(new)):
        for same, old_words, new_words in runs:
            yield from ((SAME, new_words),) if same else ((REMOVED, old_words), (ADDED, new_words))
        return
    yield from ((REMOVED, before), (ADDED, after))


def _matches(old: list[str], new: list[str], key=None):
    """(whether equal, old text, new text) for each run of two lists of strings, compared by `key`."""
    a, b = (list(map(key, old)), list(map(key, new))) if key else (old, new)
    try:
        found = _Matcher(None, a, b, autojunk=False).get_opcodes()
    except _Endless:
        found = [("replace", 0, len(a), 0, len(b))]
    for operation, a1, a2, b1, b2 in found:
        yield operation == "equal", "".join(old[a1:a2]), "".join(new[b1:b2])


class _Endless(Exception):
    """Raised for texts that repeat a few words endlessly."""


class _Matcher(SequenceMatcher):
    seen = 0

    def find_longest_match(self, alo, ahi, blo, bhi):
        self.seen += sum(1 + len(self.b2j.get(word, ())) for word in self.a[alo:ahi])
        if self.seen > _WORK:
            raise _Endless
        return super().find_longest_match(alo, ahi, blo, bhi)


def _joined(pieces: list[tuple[str, str]]) -> list[Fragment]:
    """Joins each run of changes into one REMOVED and one ADDED, each run of equal passages into one SAME."""
    result = []
    for same, run in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0] == SAME):
        texts = list(run)
        for kind in (SAME,) if same else (REMOVED, ADDED):
            if text := "".join(text for what, text in texts if what == kind):
                result.append(Fragment(kind, text))
    return result


def with_prives(pieces: Iterable[Fragment], spans: Collection[tuple[int, int]]) -> list[Fragment]:
    """Marks the private words of the passages.

    `spans`: (start, end) in the later text, which SAME and ADDED make up.
    """
    found, done = [], 0
    for piece in pieces:
        end = done if piece.kind == REMOVED else done + len(piece.text)
        inside = [(max(a, done) - done, min(b, end) - done) for a, b in spans if a < end and b > done]
        found.append(Fragment(piece.kind, piece.text, tuple(inside)))
        done = end
    return found


@dataclass(frozen=True)
class Difference:
    """A field that differs between two states, as people read it.

    `whole`: compared as one value (an amount, a choice): words in common would mean nothing.
    """

    name: str
    label: str
    before: str
    after: str
    whole: bool = False

    @classmethod
    def of(cls, field: models.Field, before: str, after: str, *, name: str = "", label: str = "") -> "Difference":
        """`before`, `after`: in `words`. `name`, `label`: of the column, if not those of the field."""
        made = DifferenceDeChoix if field.many_to_many else cls
        return made(name or field.name, label or str(field.verbose_name), before, after, is_whole(field))

    @cached_property
    def pieces(self) -> list[Fragment]:
        if self.whole:
            return [Fragment(kind, text) for kind, text in ((REMOVED, self.before), (ADDED, self.after)) if text]
        return compare_texts(self.before, self.after)

    @property
    def summary(self) -> str:
        """« 2 mots retirés, 1 mot ajouté » or « remplacement », for readers who do not see marks."""
        if self.whole:
            return "remplacement" if self.before and self.after else "ajout" if self.after else "retrait"
        removed, added = (self._words(kind) for kind in (REMOVED, ADDED))
        parts = [pluriel(removed, "mot retiré", "mots retirés")] if removed else []
        parts += [pluriel(added, "mot ajouté", "mots ajoutés")] if added else []
        if parts:
            return ", ".join(parts)
        return "ponctuation" if self._marked else "espaces ou retours à la ligne seulement"

    @property
    def _marked(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces)

    def _words(self, kind: str) -> int:
        return sum(len(re.findall(r"\w+", piece.text)) for piece in self.pieces if piece.kind == kind)


class DifferenceDeChoix(Difference):
    @cached_property
    def pieces(self) -> list[Fragment]:
        old, new = Counter(parted(self.before)), Counter(parted(self.after))
        kinds = ((SAME, old & new), (REMOVED, old - new), (ADDED, new - old))
        marked = [Fragment(kind, name) for kind, names in kinds for name in names.elements()]
        found = []
        for piece in sorted(marked, key=lambda piece: fold(piece.text)):
            found += [Fragment(SAME, ", "), piece] if found else [piece]
        return found

    @property
    def summary(self) -> str:
        """« 1 choix retiré, 2 choix ajoutés »."""
        removed, added = (sum(piece.kind == kind for piece in self.pieces) for kind in (REMOVED, ADDED))
        parts = [pluriel(removed, "choix retiré", "choix retirés")] if removed else []
        return ", ".join([*parts, *([pluriel(added, "choix ajouté", "choix ajoutés")] if added else [])])


def words(field: models.Field, value, known=None) -> str:
    """The value as Difference takes it. Choices are separated as in a file: the name of one may hold a comma."""
    return as_words(field, value, FILE if field.many_to_many else PAGE, known=known)


def several(model: type[Fiche]) -> list[models.Field]:
    """Those that all types share come last."""
    common = {field.name for field in Fiche._meta.local_many_to_many}
    return sorted(model._meta.many_to_many, key=lambda field: field.name in common)


def compared_fields(model: type[Fiche]) -> list[models.Field]:
    """The fields that editors fill in; several choices last."""
    return [field for field in model._meta.concrete_fields if field.editable] + several(model)


def state(record) -> dict:
    """{field name: value} of a record or version. Relations are keys, several choices frozensets of keys."""
    model = getattr(record, "instance_type", None) or type(record)
    values = {}
    for field in compared_fields(model):
        if field.many_to_many:
            values[field.name] = frozenset(_chosen(record, field))
            continue
        value = getattr(record, field.attname)
        values[field.name] = str(value or "") if isinstance(field, models.FileField) else value
    return values


def _chosen(record, field: models.Field) -> Iterable:
    if isinstance(record, field.model):
        return (row.pk for row in getattr(record, field.name).all())
    choice = f"{field.m2m_reverse_field_name()}_id"
    return (getattr(row, choice) for row in getattr(record, _accessor(type(record), field)).all())


def choices_of(history_model) -> list[str]:
    """The relations to prefetch for the choices of versions."""
    return [_accessor(history_model, field) for field in history_model.instance_type._meta.many_to_many]


def _accessor(history_model, field: models.Field) -> str:
    """The relation from a version to its choices; the one that simple_history names prefetches nothing."""
    held = getattr(history_model, field.name).model
    return held._meta.get_field("history").remote_field.get_accessor_name()


def rows_of(fields: Iterable[models.Field], states: list[dict]) -> dict:
    """{field: {key: row}} for relations that differ between states; one query per field."""
    found = {}
    for field in (one for one in fields if one.is_relation):
        values = {state[field.name] for state in states}
        keys = frozenset().union(*values) if field.many_to_many else values - {None}
        found[field] = field.related_model._base_manager.in_bulk(keys) if len(values) > 1 else {}
    return found


def differences(fields: Iterable[models.Field], before: dict, after: dict, known=None) -> list[Difference]:
    """The differences in the order of `fields`. `known`: see `rows_of`."""
    return [
        Difference.of(field, *(words(field, values[field.name], known) for values in (before, after)))
        for field in fields
        if before[field.name] != after[field.name]
    ]


def is_whole(field: models.Field) -> bool:
    """Whether `field` is compared as one value: all but texts that somebody wrote."""
    return bool(field.choices) or not isinstance(field, models.CharField | models.TextField)


def changed_labels(model: type[Fiche], before: dict, after: dict) -> list[str]:
    """Labels of fields that differ; a choice also gives its new value."""
    return [
        f"{field.verbose_name} ({as_words(field, after[field.name])})" if field.choices else str(field.verbose_name)
        for field in compared_fields(model)
        if before[field.name] != after[field.name]
    ]
