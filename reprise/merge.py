"""The merge that loses nobody's work: what a record said, what it says now, what stands here, field by field."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from fiches.textes import as_text
from participants.models import CREATION
from reprise.values import Valeurs

LONG_TEXT = 6  # words: shorter ones say nothing of which record speaks


_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them


@dataclass
class Rapprochement:
    """What becomes of a record's fields: those to take from the old site, and those both sides changed."""

    prendre: dict[str, Any] = field(default_factory=dict)
    conflits: dict[str, tuple[str, str]] = field(default_factory=dict)  # field: (ours, theirs), as text


def merge(
    fiche,
    base: dict[str, str],
    theirs: dict[str, Any],
    settled: Callable[[str, str], bool],
    *,
    undated: bool = False,
    other: bool = False,
) -> Rapprochement:
    """Compare field by field what the old site said last time (`base`), what it says now, and what stands here.

    What was edited here since is never overwritten: if the old site says anything else, it is a conflict, unless
    `settled(field, their text)` says that somebody has already decided on that very text. A field that is empty here
    and was never taken over was not edited: it is taken. Where the old site says nothing and never did, what stands
    here contradicts nobody. `undated`: nobody knows when they said it, so that it takes the place of nothing they said
    at a known date, and of an edit as little. `other`: they may speak of another record of the same title: whatever
    differs is a conflict.
    """
    fusion = Rapprochement()
    for name, value in theirs.items():
        ours, new, before = as_text(getattr(fiche, name)), as_text(value), base.get(name)
        if ours == new or not (new or before):
            continue
        taken = ours == (before or "") and not (undated and before and CREATION in base)
        if taken and not other:
            fusion.prendre[name] = value
        elif not settled(name, new):
            fusion.conflits[name] = (ours, new)
    return fusion


def says_another(base: dict[str, str], champs: dict[str, Any]) -> bool:
    """Whether a text of some length has fewer than half of its words in common with what the old site said of it."""
    texts = [(base.get(name, "").split(), value.split()) for name, value in champs.items() if isinstance(value, str)]
    longer = [pair for pair in texts if min(map(len, pair)) >= LONG_TEXT]
    return any(SequenceMatcher(None, *pair, autojunk=False).ratio() < 0.5 for pair in longer)


def keep_links(record, base: dict[str, str], valeurs: Valeurs, settled: Collection[tuple[str, str]]) -> None:
    """The text dump prints links by their words alone: addresses that the old site's data told stay.

    They stand in the record, in what the old site said last time (`base`), or in (field, text) that somebody has
    decided on (`settled`): two records made one have one text and three that were told.
    """
    for name, value in valeurs.champs.items():
        if value and isinstance(value, str):
            told = [str(getattr(record, name)), base.get(name, ""), *(text for champ, text in settled if champ == name)]
            valeurs.champs[name] = next((text for text in told if _LINK.sub("", text) == value), value)
