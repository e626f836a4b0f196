"""What a contribution says, field by field, beside what its author read and what the public reads now."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.db import models

from fiches import registre
from fiches.models import Fiche
from fiches.suivi.comparaison import SAME, Difference, Fragment, state
from participants.contributions import champs
from participants.contributions.models import Contribution
from socle.francais.valeurs import Illisible

PRISE, GARDEE, REECRITE = "prise", "gardee", "reecrite"  # what became of a field
SUITES = {PRISE: "pris, comme proposé", GARDEE: "laissé tel quel", REECRITE: "réécrit par l’équipe"}
DE_COTE = "laissé de côté"  # of a new record, that said nothing before


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

    def _difference(self, words: str) -> Difference:
        said = (self.vu, words)
        if not self.champ.many_to_many:
            said = (champs.shown(self.champ, text) for text in said)
        return Difference.of(self.champ, *said)

    def _shown(self, words: str) -> str:
        return champs.shown(self.champ, words) or "vide"


def _plain(text: str) -> list[Fragment]:
    return [Fragment(SAME, text)]


def lines(row: Contribution, fiche: Fiche | None = None) -> list[ChampPropose]:
    """The fields of a contribution, in the order of the form. `fiche`: the record to compare them with."""
    now = state(fiche) if fiche else {}
    refused = row.is_fiche and row.etat == Contribution.Etat.REFUSEE  # whole: there is nothing to say of each field
    suites = {} if refused else SUITES | ({GARDEE: DE_COTE} if row.is_fiche else {})
    return [
        ChampPropose(
            champ=field,
            vu=said.get("vu", ""),
            dit=said.get("propose", ""),
            maintenant=champs.words(field, now[field.name]) if fiche else None,
            devenir=suites.get(said.get("suite"), ""),
        )
        for field in champs.offered(registre.get(row.type).model)
        if (said := row.valeurs.get(field.name))
    ]
