"""The site's accessibility: the 106 criteria of RGAA 4.1.2, judged or not.

Figures and state are computed from labacces/pages/rgaa.json. A criterion has:

- `numero`, `theme`, `intitule` (short, in our own words);
- `statut`: « valide », « echoue », « sans-objet », or « attend-une-personne » if not judged;
- `moyen`: a test (`tests/…/test_x.py::test_y`, several with `, `) or « lecture » by a person;
- `date` of the judgement (AAAA-MM-JJ), `note`: why, or what fails and where.

`audit`: null, or `{"le": "AAAA-MM-JJ", "par": "…"}`. Without an audit of the last three years, no conformity is
claimed, whatever the rate.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

from django.utils import timezone

from socle.francais.wording import nombre

FICHIER = Path(__file__).with_name("rgaa.json")
STATUTS = VALIDE, ECHOUE, SANS_OBJET, ATTEND = "valide", "echoue", "sans-objet", "attend-une-personne"
VALIDITE = 3  # years

TOTALE, PARTIELLE, NON = "totalement conforme", "partiellement conforme", "non conforme"


@dataclass(frozen=True)
class Critere:
    numero: str
    theme: str
    intitule: str
    statut: str
    moyen: str
    date: str
    note: str


@dataclass(frozen=True)
class LigneRgaa:
    """How many criteria have each status, in one theme or in all."""

    theme: str
    valides: int
    echoues: int
    sans_objet: int
    attendent: int

    @property
    def total(self) -> int:
        return self.valides + self.echoues + self.sans_objet + self.attendent

    @property
    def juges(self) -> int:
        return self.total - self.attendent

    @property
    def applicables(self) -> int:
        """An unjudged criterion counts as applicable: the rate claims only what is known."""
        return self.total - self.sans_objet

    @property
    def taux(self) -> Fraction:
        """Share of valid criteria, from 0 to 1."""
        return Fraction(self.valides, self.applicables) if self.applicables else Fraction(1)


@dataclass(frozen=True)
class BilanRgaa:
    referentiel: str
    etablie_le: date
    audit: dict | None
    echantillon: list[dict]
    criteres: list[Critere]

    @cached_property
    def ensemble(self) -> LigneRgaa:
        return self._count("Ensemble", self.criteres)

    @cached_property
    def themes(self) -> list[LigneRgaa]:
        names = dict.fromkeys(critere.theme for critere in self.criteres)
        return [self._count(name, [one for one in self.criteres if one.theme == name]) for name in names]

    @staticmethod
    def _count(theme: str, criteres: list[Critere]) -> LigneRgaa:
        numbers = Counter(critere.statut for critere in criteres)
        return LigneRgaa(theme, *(numbers[statut] for statut in STATUTS))

    @property
    def non_conformites(self) -> list[Critere]:
        return [critere for critere in self.criteres if critere.statut == ECHOUE]

    @property
    def mise_a_jour_le(self) -> date:
        return max([self.etablie_le, *(date.fromisoformat(one.date) for one in self.criteres if one.date)])

    @property
    def taux_affiche(self) -> str:
        """« 87,5 % », never rounded up."""
        thousandths = int(self.ensemble.taux * 1000)
        return nombre(thousandths / 10, "%")

    @property
    def audit_le(self) -> date | None:
        return date.fromisoformat(self.audit["le"]) if self.audit else None

    @property
    def audit_en_cours(self) -> bool:
        """Whether the last audit is recent enough."""
        return self.audit_le is not None and (timezone.localdate() - self.audit_le).days < VALIDITE * 365

    @property
    def etat(self) -> str:
        """The state follows the rate after an audit; else it is « non conforme »."""
        if not self.audit_en_cours or self.ensemble.taux < Fraction(1, 2):
            return NON
        return TOTALE if self.ensemble.taux == 1 else PARTIELLE

    @property
    def mention(self) -> str:
        """The words shown on every page."""
        reserve = "" if self.audit_en_cours else f" (auto-évaluation, audit à {'refaire' if self.audit else 'venir'})"
        return f"Accessibilité\u00a0: {self.etat}{reserve}"


@lru_cache(maxsize=1)
def bilan() -> BilanRgaa:
    """The content of the file, read once in each process."""
    data = json.loads(FICHIER.read_text(encoding="utf-8"))
    return BilanRgaa(
        referentiel=data["referentiel"],
        etablie_le=date.fromisoformat(data["etablie_le"]),
        audit=data["audit"],
        echantillon=data["echantillon"],
        criteres=[Critere(**row) for row in data["criteres"]],
    )
