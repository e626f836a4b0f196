"""What a contribution says, field by field, beside what its author read and what the public reads now."""

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

PRISE, GARDEE, REECRITE = "prise", "gardee", "reecrite"  # what became of a field
SUITES = {PRISE: "pris, comme proposé", GARDEE: "pas repris", REECRITE: "réécrit par l’équipe"}
DE_COTE = "laissé de côté"  # of a new record, that said nothing before
PRISE_MASQUEE = "pris, sauf des mots sur des personnes, masqués"
MASQUES = ", des mots sur des personnes masqués"


@dataclass
class ChampPropose:
    """A field of a contribution. `vu`, `dit`: its words in the version that was read, and in what is proposed;
    `maintenant`: in the public record, None if there is none; `devenir`: what became of it, in words; "" before that,
    and where nothing was there to become of.
    """

    champ: models.Field
    vu: str
    dit: str
    maintenant: str | None
    devenir: str
    contacts: Sequence[str] = ()  # names of persons of the record who did not agree to be shown
    auteur: str = ""  # the name of whoever proposes

    @cached_property
    def lu(self) -> tuple[object, bool]:
        try:
            return champs.read(self.champ, self.dit), False
        except Illisible:
            return None, True

    @property
    def propose(self):
        """The value that is proposed."""
        return self.lu[0]

    @property
    def illisible(self) -> bool:
        return self.lu[1]

    @property
    def conflit(self) -> bool:
        """Whether somebody else changed this field since, to something else."""
        return self.maintenant is not None and self.maintenant not in (self.vu, self.dit)

    @property
    def empreinte(self) -> str:
        """What the public reads now, in few signs: a page that holds it knows what its reader saw."""
        return sha256(repr(self.maintenant).encode()).hexdigest()

    @property
    def valeur(self) -> str:
        """What is proposed, in words."""
        return self._shown(self.dit)

    def mentions(self, text: str) -> list[Repere]:
        """What a text that is proposed here tells of persons and the public does not read in this field yet."""
        if not champs.is_text(self.champ):
            return []
        persons = {"contacts": self.contacts, "auteur": self.auteur}
        known = {one.cle for one in find(self.maintenant or "", **persons)}
        return [one for one in find(text, **persons) if one.cle not in known]

    def prives(self, *texts: str) -> list[MotPrive]:
        """The words that each of these texts would show of persons, each once."""
        found = [mot for text in texts for mot in words_in(self.champ, text, self.mentions(text))]
        return list({mot.cle: mot for mot in found}.values())

    @property
    def publics(self) -> list[Fragment]:
        """What the public reads now, what changed since marked."""
        if self.conflit:
            return self._difference(self.maintenant).pieces
        return _plain("La fiche n’est plus publiée." if self.maintenant is None else self._shown(self.maintenant))

    @property
    def lus(self) -> list[Fragment]:
        """What its author read."""
        return _plain("Comme le public maintenant." if self.maintenant == self.vu else self._shown(self.vu))

    @cached_property
    def proposition(self) -> Difference:
        return self._difference(self.dit)

    @property
    def dits(self) -> list[Fragment]:
        """What is proposed beside what its author read, or alone in a new record, the words about persons marked."""
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
    """What became of a field, in words."""
    became = suites.get(said.get("suite"), "")
    if not said.get("masques"):
        return became
    return PRISE_MASQUEE if became == SUITES[PRISE] else became + MASQUES


def lines(row: Contribution, fiche: Fiche | None = None) -> list[ChampPropose]:
    """The fields of a contribution, in the order of the form. `fiche`: the record to compare them with.

    None are left of a type that is gone.
    """
    declaration = registre.find(row.type)
    if declaration is None:
        return []
    now = state(fiche) if fiche else {}
    contacts = [*persons_of(fiche), *hidden_names(kept_of([fiche])[fiche.pk])] if fiche else []
    refused = row.is_fiche and row.etat == Contribution.Etat.REFUSEE  # whole: there is nothing to say of each field
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
