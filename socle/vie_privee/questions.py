"""The question to whoever makes private words public: « masquer » or « garder ».

Each way in (form, list action, spreadsheet, version, proposal) asks with `newly_shown`, reads with `answered`, applies
with `decisions` (public_text.py). Without anybody to ask, words are masked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from django.db import models

from socle.vie_privee.mentions import MASQUE_DE, Genre, Repere, find, mask, same_words
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import (
    Decision,
    TextesPublics,
    hidden_names,
    kept_of,
    public_fields,
    public_texts_now,
)

ASKED = (Genre.COURRIEL, Genre.TELEPHONE, Genre.CONTACT)  # an editor is asked about these
MASQUER, GARDER = "masquer", "garder"
CHOIX = {MASQUER: "Masquer\N{NO-BREAK SPACE}: {}", GARDER: "Garder en public"}  # {} is the mask
AROUND = 60  # characters shown on each side


@dataclass(frozen=True)
class MotPrive:
    """Words about somebody. `avant`, `apres`: the text around them; `reponse`: MASQUER, GARDER or ""."""

    champ: str
    label: str
    genre: Genre
    mots: str
    avant: str = ""
    apres: str = ""
    reponse: str = ""
    prefixe: str = ""  # part of its name in a form about several records

    @property
    def cle(self) -> str:
        """The name of its form field, from its words alone: an older page still means the same."""
        return f"prive-{self.prefixe}{self.champ}-{sha256(same_words(self.mots).encode()).hexdigest()[:12]}"

    @property
    def a_cocher(self) -> str:
        """What ticking its box in a proposal means. Unticked, words are masked, except a postal address."""
        return MASQUER if self.genre == Genre.ADRESSE else GARDER

    @property
    def est_cochee(self) -> bool:
        return self.reponse == self.a_cocher

    def boxed(self, ticked: bool) -> "MotPrive":
        other = MASQUER if self.a_cocher == GARDER else GARDER
        return replace(self, reponse=self.a_cocher if ticked else other)

    @property
    def choix(self) -> list[tuple[str, str, bool]]:
        said = ((value, label.format(MASQUE_DE[self.genre])) for value, label in CHOIX.items())
        return [(value, label, value == self.reponse) for value, label in said]


def words_in(field: models.Field, text: str, mentions: Iterable[Repere], label: str = "") -> list[MotPrive]:
    """The mentions of a text as questions, the same words once."""
    found: dict[str, MotPrive] = {}
    for one in mentions:
        avant, apres = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
        avant = f"…{avant}" if one.start > AROUND else avant
        apres = f"{apres}…" if one.end + AROUND < len(text) else apres
        mot = MotPrive(field.name, label or str(field.verbose_name), one.genre, one.mots, avant, apres)
        found.setdefault(mot.cle, mot)
    return list(found.values())


def newly_shown(
    row: TextesPublics,
    *,
    before: Mapping[str, str] | None = None,
    contacts: Iterable[str] = (),
    kept: Mapping[str, TexteIntegral] | None = None,
) -> list[MotPrive]:
    """Private words that the row in memory would newly show.

    `before`: {column: public text now}; `kept`: what was masked; both read if not given. `contacts`: persons who did
    not agree; masked names are added.
    """
    texts = {field: getattr(row, field.attname) or "" for field in public_fields(type(row))}
    if before is None:
        before = public_texts_now(row)
    changed = {field: text for field, text in texts.items() if text and text != before.get(field.attname)}
    if not changed:
        return []
    kept = (kept_of([row])[row.pk] if row.pk else {}) if kept is None else kept
    contacts = [*contacts, *hidden_names(kept)]
    known = {one.cle for text in before.values() for one in find(text, contacts=contacts)}
    found: list[MotPrive] = []
    for field, text in changed.items():
        left = {same_words(one["mots"]) for one in kept[field.name].laisses} if field.name in kept else ()
        mentions = [
            one
            for one in find(text, contacts=contacts)
            if one.genre in ASKED and one.cle not in known and same_words(one.mots) not in left
        ]
        found += words_in(field, text, mentions)
    return found


def answered(mots: Iterable[MotPrive], data: Mapping[str, str]) -> list[MotPrive]:
    return [replace(mot, reponse=data.get(mot.cle) if data.get(mot.cle) in CHOIX else "") for mot in mots]


def kept_all(mots: Iterable[MotPrive]) -> list[MotPrive]:
    return [replace(mot, reponse=GARDER) for mot in mots]


def undecided(mots: Iterable[MotPrive]) -> list[MotPrive]:
    return [mot for mot in mots if not mot.reponse]


def masked(text: str, mots: Iterable[MotPrive]) -> str:
    """The text once these answers are applied."""
    return mask(text, [mot.mots for mot in mots if mot.reponse == MASQUER]).texte


def decisions(mots: Iterable[MotPrive], *, par: str = "") -> list[Decision]:
    """The answers as decisions; words without an answer are masked."""
    reason = TexteIntegral.Raison.GARDE
    return [Decision(mot.champ, mot.mots, reason if mot.reponse == GARDER else "", par) for mot in mots]


def told(mots: Iterable[MotPrive]) -> str:
    """« 06 39 98 01 23 » (un numéro de téléphone, description), on one line."""
    return ", ".join(f"« {mot.mots} » ({mot.genre}, {mot.label})" for mot in mots)
