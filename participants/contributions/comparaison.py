"""The fields of a proposal beside what its author read and what the public reads now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.db import models

from fiches import registre
from fiches.models import Fiche
from fiches.mots_prives import persons_of
from fiches.suivi.comparaison import SAME, Difference, Fragment, state, with_prives
from participants.contributions import champs
from participants.contributions.models import Contribution
from socle.francais.valeurs import Illisible
from socle.vie_privee.mentions import Repere, find
from socle.vie_privee.public_text import hidden_names, kept_of
from socle.vie_privee.questions import MotPrive, words_in

PRISE, GARDEE, REECRITE = "prise", "gardee", "reecrite"  # the decision on a field
SUITES = {PRISE: "pris, comme proposé", GARDEE: "pas repris", REECRITE: "réécrit par l’équipe"}
DE_COTE = "laissé de côté"  # for a new record, which had nothing before
PRISE_MASQUEE = "pris, sauf des mots sur des personnes, masqués"
MASQUES = ", des mots sur des personnes masqués"


@dataclass
class ChampPropose:
    """A field of a proposal.

    - `vu`: words in the version that the author read; `dit`: the proposed words; `maintenant`: words in the public
      record, None if there is none.
    - `devenir`: the decision, in words; "" before it, or if the whole proposal is refused.
    - `contacts`: names of persons of the record who did not agree to be shown; `auteur`: name of the author.
    """

    champ: models.Field
    vu: str
    dit: str
    maintenant: str | None
    devenir: str
    contacts: Sequence[str] = ()
    auteur: str = ""

    @cached_property
    def lu(self) -> tuple[object, bool]:
        try:
            return champs.read(self.champ, self.dit), False
        except Illisible:
            return None, True

    @property
    def propose(self):
        """The proposed value; None if its words cannot be read."""
        return self.lu[0]

    @property
    def illisible(self) -> bool:
        return self.lu[1]

    @property
    def conflit(self) -> bool:
        """Whether the field changed since, to something else than proposed."""
        return self.maintenant is not None and self.maintenant not in (self.vu, self.dit)

    @property
    def empreinte(self) -> str:
        """Digest of what the public reads now: a form tells by it what its reader saw."""
        return sha256(repr(self.maintenant).encode()).hexdigest()

    @property
    def valeur(self) -> str:
        """The proposed value, in words."""
        return self._shown(self.dit)

    def mentions(self, text: str) -> list[Repere]:
        """Private words in `text` that this field does not show yet."""
        if not champs.is_text(self.champ):
            return []
        persons = {"contacts": self.contacts, "auteur": self.auteur}
        known = {one.cle for one in find(self.maintenant or "", **persons)}
        return [one for one in find(text, **persons) if one.cle not in known]

    def prives(self, *texts: str) -> list[MotPrive]:
        """The private words that these texts would show, each once."""
        found = [mot for text in texts for mot in words_in(self.champ, text, self.mentions(text))]
        return list({mot.cle: mot for mot in found}.values())

    @property
    def publics(self) -> list[Fragment]:
        """What the public reads now, with the changes since the author read it."""
        if self.conflit:
            return self._difference(self.maintenant).pieces
        return _plain("La fiche n’est plus publiée." if self.maintenant is None else self._shown(self.maintenant))

    @property
    def lus(self) -> list[Fragment]:
        return _plain("Comme le public maintenant." if self.maintenant == self.vu else self._shown(self.vu))

    @cached_property
    def proposition(self) -> Difference:
        return self._difference(self.dit)

    @property
    def dits(self) -> list[Fragment]:
        """The proposal, compared with what the author read, or alone if new; private words are marked."""
        pieces = self.proposition.pieces if self.maintenant is not None or self.vu else _plain(self.valeur)
        return with_prives(pieces, [(one.start, one.end) for one in self.mentions(self.dit)])

    def _difference(self, words: str) -> Difference:
        said = (self.vu, words)
        if not self.champ.many_to_many:
            said = (champs.shown(self.champ, text) for text in said)
        return Difference.of(self.champ, *said)

    def _shown(self, words: str) -> str:
        return champs.shown(self.champ, words) or "vide"


def _plain(text: str) -> list[Fragment]:
    return [Fragment(SAME, text)]


def _became(suites: dict[str, str], said: dict) -> str:
    became = suites.get(said.get("suite"), "")
    if not said.get("masques"):
        return became
    return PRISE_MASQUEE if became == SUITES[PRISE] else became + MASQUES


def lines(row: Contribution, fiche: Fiche | None = None) -> list[ChampPropose]:
    """The fields of a proposal, in the order of the form; none if its type is gone.

    `fiche`: the record to compare with.
    """
    declaration = registre.find(row.type)
    if declaration is None:
        return []
    now = state(fiche) if fiche else {}
    contacts = [*persons_of(fiche), *hidden_names(kept_of([fiche])[fiche.pk])] if fiche else []
    refused = row.is_fiche and row.etat == Contribution.Etat.REFUSEE  # as a whole: no decision on single fields
    suites = {} if refused else SUITES | ({GARDEE: DE_COTE} if row.is_fiche else {})
    return [
        ChampPropose(
            champ=field,
            vu=said.get("vu", ""),
            dit=said.get("propose", ""),
            maintenant=champs.words(field, now[field.name]) if fiche else None,
            devenir=_became(suites, said),
            contacts=contacts,
            auteur=row.nom,
        )
        for field in champs.offered(declaration.model)
        if (said := row.valeurs.get(field.name))
    ]
