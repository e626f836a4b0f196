"""The question asked of whoever makes words about persons public: « masquer », « garder ».

A door of the site (a form, an action on a list, a spreadsheet, a version, a proposal) asks by `newly_shown`, reads the
answers by `answered`, and carries them out by `decisions` (public_text.py). What nobody could be asked about is masked.
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

ASKED = (Genre.COURRIEL, Genre.TELEPHONE, Genre.CONTACT)  # of an editor
MASQUER, GARDER = "masquer", "garder"
CHOIX = {MASQUER: "Masquer\N{NO-BREAK SPACE}: {}", GARDER: "Garder en public"}  # with what stands in place of the words
AROUND = 60  # characters shown before and behind the words


@dataclass(frozen=True)
class MotPrive:
    """Words of a field that tell of somebody. `avant`, `apres`: what stands around them.

    `reponse`: MASQUER, GARDER, or "" as long as nobody has answered.
    """

    champ: str
    label: str
    genre: Genre
    mots: str
    avant: str = ""
    apres: str = ""
    reponse: str = ""
    prefixe: str = ""  # of its name, where a form asks about several records

    @property
    def cle(self) -> str:
        """The name under which a form asks for it: a page that was served before still means the same words."""
        return f"prive-{self.prefixe}{self.champ}-{sha256(same_words(self.mots).encode()).hexdigest()[:12]}"

    @property
    def a_cocher(self) -> str:
        """What the box of a proposal's word says: to mask is what happens to it otherwise, but for a postal address."""
        return MASQUER if self.genre == Genre.ADRESSE else GARDER

    @property
    def est_cochee(self) -> bool:
        return self.reponse == self.a_cocher

    def boxed(self, ticked: bool) -> "MotPrive":
        """The word with what its box says."""
        other = MASQUER if self.a_cocher == GARDER else GARDER
        return replace(self, reponse=self.a_cocher if ticked else other)

    @property
    def choix(self) -> list[tuple[str, str, bool]]:
        said = ((value, label.format(MASQUE_DE[self.genre])) for value, label in CHOIX.items())
        return [(value, label, value == self.reponse) for value, label in said]


def words_in(field: models.Field, text: str, mentions: Iterable[Repere], label: str = "") -> list[MotPrive]:
    """Mentions of a text as they are asked about, the same words once."""
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
    """What a row, as it stands in memory, would show of persons that the public does not read in it yet.

    `before`: {column: what the public reads now}; `kept`: what was taken out of it; each read if not given.
    `contacts`: names of its persons who did not agree to be shown. A name that was taken out of it is one more.
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
    """These words with what a form said of each."""
    return [replace(mot, reponse=data.get(mot.cle) if data.get(mot.cle) in CHOIX else "") for mot in mots]


def kept_all(mots: Iterable[MotPrive]) -> list[MotPrive]:
    """These words, all of them to be kept."""
    return [replace(mot, reponse=GARDER) for mot in mots]


def undecided(mots: Iterable[MotPrive]) -> list[MotPrive]:
    return [mot for mot in mots if not mot.reponse]


def masked(text: str, mots: Iterable[MotPrive]) -> str:
    """A text as it will be, once what was said of these words is done."""
    return mask(text, [mot.mots for mot in mots if mot.reponse == MASQUER]).texte


def decisions(mots: Iterable[MotPrive], *, par: str = "") -> list[Decision]:
    """What was said of these words, to be carried out; what was not said is masked."""
    reason = TexteIntegral.Raison.GARDE
    return [Decision(mot.champ, mot.mots, reason if mot.reponse == GARDER else "", par) for mot in mots]


def told(mots: Iterable[MotPrive]) -> str:
    """« 06 39 98 01 23 » (un numéro de téléphone, description), on one line."""
    return ", ".join(f"« {mot.mots} » ({mot.genre}, {mot.label})" for mot in mots)
