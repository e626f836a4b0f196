"""The merge of one record: what the old site said last time, what it says now, what stands here, field by field.

It loses nobody's work. What only looks different is made the same before.
"""

import re
from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Any

from fiches.textes import as_text
from participants.models import CREATION
from reprise.lecture import Valeurs

LONG_TEXT = 6  # words: shorter ones say nothing of which record speaks
_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them


def merge(
    fiche,
    base: dict[str, str],
    theirs: dict[str, Any],
    settled: Collection[tuple[str, str]],
    *,
    undated: bool = False,
    other: bool = False,
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """({field: value to take from the old site}, {field in conflict: (ours, theirs), as text}).

    Compares field by field what the old site said last time (`base`), what it says now, and what stands here.

    What was edited here since is never overwritten: if the old site says anything else, it is a conflict, unless
    somebody has already decided on that very text: (field, their text) of `settled`. A field that is empty here
    and was never taken over was not edited: it is taken. Where the old site says nothing and never did, what stands
    here contradicts nobody. `undated`: nobody knows when they said it, so that it takes the place of nothing they said
    at a known date, and of an edit as little. `other`: they may speak of another record of the same title: whatever
    differs is a conflict.
    """
    prendre, conflits = {}, {}
    for name, value in theirs.items():
        ours, new, before = as_text(getattr(fiche, name)), as_text(value), base.get(name)
        if ours == new or not (new or before):
            continue
        taken = ours == (before or "") and not (undated and before and CREATION in base)
        if taken and not other:
            prendre[name] = value
        elif (name, new) not in settled:
            conflits[name] = (ours, new)
    return prendre, conflits


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


def keep_signs(record, valeurs: Valeurs) -> None:
    """What a file in Windows-1252 lost is no change: a text that would have become this one there stays."""
    for name, value in valeurs.champs.items():
        ours = getattr(record, name, None)
        if isinstance(ours, str) and value == ours.encode("cp1252", "replace").decode("cp1252"):
            valeurs.champs[name] = ours
