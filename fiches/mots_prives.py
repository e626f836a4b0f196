"""What a save would newly show the public of persons: asked of whoever saves, who masks the words or keeps them.

The form of a record, an action on a list, a spreadsheet and a version that is restored ask by `newly_shown`; a proposal
of a visitor has a page of its own. What nobody was asked about is masked by the save itself (`Ecriture`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from django.db import models

from fiches.attached import Contact
from fiches.models import Fiche
from socle.vie_privee.masking import Names
from socle.vie_privee.mentions import MASQUE_DE, Genre, Repere, find
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.public_text import Ecriture, Laisse, Masque, TextesPublics, kept_of, public_fields
from socle.vie_privee.spellings import same_words

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
    fiche: Fiche,
    *,
    before: Mapping[str, str] | None = None,
    contacts: Iterable[str] | None = None,
    kept: Mapping[str, TexteIntegral] | None = None,
    again: bool = False,
) -> list[MotPrive]:
    """What a record, as it stands in memory, would show of persons that the public does not read in it yet.

    `before`: {column: what the public reads now}; `contacts`: its persons who did not agree to be shown; `kept`: its
    texts as written; each read if not given. `again`: words that were masked are asked about once more.
    """
    fields = public_fields(type(fiche))
    texts = {field: getattr(fiche, field.attname) or "" for field in fields}
    if before is None:
        before = Ecriture(fiche).before
    changed = {field: text for field, text in texts.items() if text and text != before.get(field.attname)}
    if not changed:
        return []
    contacts = persons_of(fiche) if contacts is None else contacts
    kept = (kept_of([fiche])[fiche.pk] if fiche.pk else {}) if kept is None else kept
    known = {one.cle for text in before.values() for one in find(text, contacts=contacts)}
    found: list[MotPrive] = []
    for field, text in changed.items():
        row = kept.get(field.name)
        said = [one["mots"] for one in row.laisses] + ([] if again else row.retires) if row else []
        decided = set(map(same_words, said))
        mentions = [
            one
            for one in find(text, contacts=contacts)
            if one.genre in ASKED and one.cle not in known and same_words(one.mots) not in decided
        ]
        found += words_in(field, text, mentions)
    return found


def persons_of(fiche: Fiche) -> list[str]:
    """The names of its persons who did not agree to be shown."""
    return persons_of_all([fiche.pk])[fiche.pk] if fiche.pk else []


def persons_of_all(pks: Iterable[int]) -> dict[int, list[str]]:
    """{key of a record: names of its persons who did not agree to be shown}. One query."""
    found: dict[int, list[str]] = {pk: [] for pk in pks}
    rows = Contact.objects.filter(entree__in=found, accord=False).exclude(nom="")
    for pk, nom in rows.values_list("entree_id", "nom"):
        found[pk].append(nom)
    return found


_PERSON = re.compile(r"contacts-\d+-nom")


def typed_persons(data: Mapping[str, str]) -> list[str] | None:
    """The persons of a record's form as they were typed, who did not agree; None if the form has none."""
    if "contacts-TOTAL_FORMS" not in data:
        return None
    rows = [(data.get(name, "").strip(), name.removesuffix("nom")) for name in data if _PERSON.fullmatch(name)]
    return [nom for nom, row in rows if nom and not (data.get(f"{row}accord") or data.get(f"{row}DELETE"))]


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
    return Names(out=[mot.mots for mot in mots if mot.reponse == MASQUER]).redact(text, addresses=False).text


def decide(fiche: TextesPublics, mots: Iterable[MotPrive], *, par: str = "") -> None:
    """Have the next save of a record do what was said of these words; what was not said is masked."""
    reason = TexteIntegral.Raison.GARDE
    fiche.a_laisser = [
        *fiche.a_laisser,
        *(Laisse(mot.champ, mot.mots, reason, par) for mot in mots if mot.reponse == GARDER),
    ]
    fiche.a_masquer = [*fiche.a_masquer, *(Masque(mot.champ, mot.mots) for mot in mots if mot.reponse == MASQUER)]


def told(mots: Iterable[MotPrive]) -> str:
    """« 06 39 98 01 23 » (un numéro de téléphone, description), on one line."""
    return ", ".join(f"« {mot.mots} » ({mot.genre}, {mot.label})" for mot in mots)
