"""Decides whether a record follows the old site: it does until somebody changes it here."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from fiches.textes import as_text
from participants.models import CREATION
from reprise.lecture import Valeurs

LONG_TEXT = 6  # words: a shorter text does not tell which record it is about
_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them


def is_untouched(record, base: dict[str, str], theirs: dict[str, str]) -> bool:
    """Whether nobody has changed a record here: each field holds what the old site said last time, or says now.

    `base` (`Origine.valeurs`, last time) and `theirs` (now) are texts of `as_text`. A field counts only once the old
    site has filled it. Who saved the record, and when, does not matter: an edit may have been taken back.
    """
    fields = {name for field in record._meta.concrete_fields for name in (field.name, field.attname)}
    fields |= {field.name for field in record._meta.many_to_many}
    names = {*theirs, *(name for name, text in base.items() if text and name in fields)}
    return all(as_text(getattr(record, name)) in (base.get(name, ""), theirs.get(name)) for name in names)


@dataclass(frozen=True)
class Suite:
    """What becomes of a record that the old site tells again.

    `prendre`: values to put into it. `dites`: what the old site says, as text. `changees`: what the old site changed,
    if the record was changed here too.
    """

    prendre: dict[str, Any]
    dites: dict[str, str]
    changees: dict[str, str]


def follow(
    record, base: dict[str, str], champs: dict[str, Any], *, undated: bool = False, other: bool = False
) -> Suite:
    """Compares a record with what the old site said last time, `base`, and says now, `champs`.

    A record unchanged here takes the new values; a changed one stays. `undated`: the source has no date, so it replaces
    nothing that has one. `other`: the source may describe another record with the same title, so it replaces nothing.
    """
    theirs = {name: as_text(value) for name, value in champs.items()}
    otherwise = {name: text for name, text in theirs.items() if as_text(getattr(record, name)) != text}
    older = undated and CREATION in base and any(base.get(name) for name in otherwise)
    if not (other or older) and is_untouched(record, base, theirs):
        return Suite({name: champs[name] for name in otherwise}, theirs, {})
    return Suite({}, theirs, {name: text for name, text in otherwise.items() if text and text != base.get(name)})


def says_another(base: dict[str, str], champs: dict[str, Any]) -> bool:
    """Whether a text of LONG_TEXT words or more shares fewer than half of its words with the earlier one."""
    texts = [(base.get(name, "").split(), value.split()) for name, value in champs.items() if isinstance(value, str)]
    longer = [pair for pair in texts if min(map(len, pair)) >= LONG_TEXT]
    return any(SequenceMatcher(None, *pair, autojunk=False).ratio() < 0.5 for pair in longer)


def keep_links(base: dict[str, str], valeurs: Valeurs) -> None:
    """Keeps addresses of links known from the old site's data, `base`: the text dump prints only their words."""
    for name, value in valeurs.champs.items():
        if value and isinstance(value, str) and _LINK.sub("", base.get(name, "")) == value:
            valeurs.champs[name] = base[name]
