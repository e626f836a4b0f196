"""How records of a type are taken over: what each room's `reprise.py` tells, and the merge that loses nobody's work."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from fiches.models import Contact

_COURRIEL = re.compile(r"[^\s<>(),;:]+@[^\s<>(),;:]+")


@dataclass
class Valeurs:
    """What a record of the old site says, in our fields.

    `champs`: {field name: value}; a foreign key by its column (`departement_id`). `personnes`: keyword arguments of
    Contact. `fichiers`: names of files on the old site. `anomalies`: (type, label, text) met while reading the fields.
    """

    champs: dict[str, Any]
    personnes: list[dict] = field(default_factory=list)
    fichiers: list[str] = field(default_factory=list)
    anomalies: list[tuple[str, str, str]] = field(default_factory=list)


class Reprise(Protocol):
    """What the takeover asks of a record type. One object a run."""

    model: type

    def read(self, lue) -> Valeurs:
        """The record's values; `lue` has `titre` and `champs`, {label: .texte}."""

    def complete(self, fiche, valeurs: Valeurs) -> None:
        """Fill a new record with what follows from the values (places), before it is saved."""

    def attach(self, fiche, valeurs: Valeurs) -> None:
        """Save what hangs on a record (files), once it is saved."""

    def link(self, fiches: list) -> list[tuple[Any, str, str]]:
        """Tie new records together once all are saved; anomalies as (record, type, text)."""


def person(role: str, text: str) -> list[dict]:
    """A person written in one cell, as Contact holds it: the address apart from the name; none if nothing is there."""
    text = " ".join(text.split())
    if not text:
        return []
    found = _COURRIEL.search(text)
    name = text.replace(found.group(), "").strip(" ,;:()<>-–") if found else text
    return [{"role": role, "nom": name[:200], "courriel": found.group()[:254] if found else ""}]


def as_text(value) -> str:
    """A field's value as text, by which two versions of it are compared."""
    if value is None:
        return ""
    return f"{value:.2f}" if hasattr(value, "quantize") else str(value)


def digest(persons: list[dict]) -> str:
    """What the takeover remembers of persons: enough to see a change, nothing that names anyone."""
    rows = sorted("\x1f".join(f"{key}={person[key]}" for key in sorted(person)) for person in persons)
    return hashlib.sha256("\x1e".join(rows).encode()).hexdigest() if rows else ""


@dataclass
class Fusion:
    """What becomes of a record's fields: those to take from the old site, and those both sides changed."""

    prendre: dict[str, Any] = field(default_factory=dict)
    conflits: dict[str, tuple[str, str]] = field(default_factory=dict)  # field: (ours, theirs), as text


def merge(fiche, base: dict[str, str], theirs: dict[str, Any], settled: Callable[[str, str], bool]) -> Fusion:
    """Compare field by field what the old site said last time (`base`), what it says now, and what stands here.

    What was edited here since is never overwritten: if the old site says anything else, it is a conflict, unless
    `settled(field, their text)` says that somebody has already decided on that very text.
    """
    fusion = Fusion()
    for name, value in theirs.items():
        ours, new, before = as_text(getattr(fiche, name)), as_text(value), base.get(name)
        if ours == new:
            continue
        if ours == before:
            fusion.prendre[name] = value
        elif not settled(name, new):
            fusion.conflits[name] = (ours, new)
    return fusion


def add_persons(entree, persons: list[dict]) -> None:
    """Give the record the persons it does not have yet."""
    for person_ in persons:
        Contact.objects.get_or_create(entree=entree, **person_)
