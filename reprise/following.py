"""Whether a record follows the old site: it does for as long as nobody has changed it here."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from fiches.textes import as_text
from participants.models import CREATION
from reprise.lecture import Valeurs

LONG_TEXT = 6  # words: shorter ones say nothing of which record speaks
_LINK = re.compile(r" \(https?://[^\s()]+\)")  # as reprise/balises.py writes them


def is_untouched(record, base: dict[str, str], theirs: dict[str, str]) -> bool:
    """Whether nobody has changed a record here: each field says what the old site said last time, or says now.

    A plain comparison of texts. `base`: what the old site said last time (`Origine.valeurs`), `theirs`: what it says
    now, both as `as_text` writes them. A field that the old site has never filled does not count, even if somebody
    filled it here; once the old site fills it otherwise, it is a change. Who saved the record, and when, does not
    matter: an edit that was taken back is none.
    """
    fields = {name for field in record._meta.concrete_fields for name in (field.name, field.attname)}
    fields |= {field.name for field in record._meta.many_to_many}
    names = {*theirs, *(name for name, text in base.items() if text and name in fields)}
    return all(as_text(getattr(record, name)) in (base.get(name, ""), theirs.get(name)) for name in names)


@dataclass(frozen=True)
class Suite:
    """What becomes of a record that the old site tells again.

    `prendre`: values to put into it. `dites`: what the old site says, as text. `changees`: what it changed since last
    time, and says otherwise than a record that was changed here.
    """

    prendre: dict[str, Any]
    dites: dict[str, str]
    changees: dict[str, str]


def follow(
    record, base: dict[str, str], champs: dict[str, Any], *, undated: bool = False, other: bool = False
) -> Suite:
    """Compare a record with what the old site said of it last time, `base`, and says now, `champs`.

    Untouched here, it says what the old site says. Changed here, it stays as it is. `undated`: nobody knows when they
    said it, so that it takes the place of nothing they said at a known date. `other`: they may speak of another record
    of the same title, which takes the place of nothing.
    """
    theirs = {name: as_text(value) for name, value in champs.items()}
    otherwise = {name: text for name, text in theirs.items() if as_text(getattr(record, name)) != text}
    older = undated and CREATION in base and any(base.get(name) for name in otherwise)
    if not (other or older) and is_untouched(record, base, theirs):
        return Suite({name: champs[name] for name in otherwise}, theirs, {})
    return Suite({}, theirs, {name: text for name, text in otherwise.items() if text and text != base.get(name)})


def says_another(base: dict[str, str], champs: dict[str, Any]) -> bool:
    """Whether a text of some length has fewer than half of its words in common with what the old site said of it."""
    texts = [(base.get(name, "").split(), value.split()) for name, value in champs.items() if isinstance(value, str)]
    longer = [pair for pair in texts if min(map(len, pair)) >= LONG_TEXT]
    return any(SequenceMatcher(None, *pair, autojunk=False).ratio() < 0.5 for pair in longer)


def keep_links(base: dict[str, str], valeurs: Valeurs) -> None:
    """The text dump prints links by their words alone: addresses that the old site's data told, `base`, stay."""
    for name, value in valeurs.champs.items():
        if value and isinstance(value, str) and _LINK.sub("", base.get(name, "")) == value:
            valeurs.champs[name] = base[name]
