"""An indemnity as one line of text: « 15 € de l’heure ; personnes concernées ; réunion ».

A survey keeps its indemnities as text, so that versions, merges, masks and imports work. Form, columns, facets and
takeover use this module.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from socle.francais.nombres import parse_nombre
from socle.francais.wording import euros

MAXIMUM = Decimal("99999.99")
NON_DIT = "montant non dit"


class Unite(models.TextChoices):
    """The unit of payment, as the facet names it."""

    HEURE = "heure", "à l’heure"
    DEMI_JOURNEE = "demi-journee", "à la demi-journée"
    JOURNEE = "journee", "à la journée"
    SEANCE = "seance", "à la séance"
    MOIS = "mois", "au mois"
    FORFAIT = "forfait", "au forfait"
    BONS = "bons", "en bons d’achat"
    KILOMETRE = "kilometre", "au kilomètre"
    REPAS = "repas", "au repas"
    FRAIS_REELS = "frais-reels", "aux frais réels"
    SALAIRE = "salaire", "en salaire maintenu"
    SANS = "sans-unite", "sans unité dite"


# Words after an amount.
_APRES = {
    Unite.HEURE: "de l’heure",
    Unite.DEMI_JOURNEE: "la demi-journée",
    Unite.JOURNEE: "la journée",
    Unite.SEANCE: "la séance",
    Unite.MOIS: "par mois",
    Unite.FORFAIT: "au forfait",
    Unite.BONS: "en bons d’achat",
    Unite.KILOMETRE: "du kilomètre",
    Unite.REPAS: "par repas",
    Unite.FRAIS_REELS: "de frais réels",
    Unite.SALAIRE: "de salaire maintenu",
}
# Other spellings, after « par » or « / ».
_PAR = {
    Unite.HEURE: ("heure", "h"),
    Unite.DEMI_JOURNEE: ("demi-journée",),
    Unite.JOURNEE: ("journée", "jour"),
    Unite.SEANCE: ("séance",),
    Unite.MOIS: ("mois",),
    Unite.KILOMETRE: ("kilomètre", "km"),
    Unite.REPAS: ("repas",),
}
_ENDINGS = [(f" {apres}", unite) for unite, apres in _APRES.items()] + [
    (f"{par}{nom}", unite) for unite, noms in _PAR.items() for nom in noms for par in (" par ", "/", "/ ")
]
# Words of a unit without an amount.
_SEULE = {unite: f"{NON_DIT}, {unite.label}" for unite in Unite} | {
    Unite.FRAIS_REELS: "frais réels",
    Unite.SALAIRE: "salaire maintenu",
    Unite.SANS: NON_DIT,
}


@dataclass(frozen=True)
class Indemnite:
    """How much is paid, to whom, for what. `montant` is None if unknown."""

    montant: Decimal | None
    unite: Unite = Unite.SANS
    qui: str = ""
    pour_quoi: str = ""

    @property
    def combien(self) -> str:
        """« 0,30 € du kilomètre », « frais réels », « montant non dit, à l’heure »."""
        if self.montant is None:
            return _SEULE[self.unite]
        return " ".join(filter(None, (" ".join(euros(self.montant).split()), _APRES.get(self.unite))))

    @property
    def is_said(self) -> bool:
        """Whether it says how people are paid."""
        return self.montant is not None or not self.combien.startswith(NON_DIT)

    @property
    def a_qui(self) -> str:
        """« personnes concernées : réunion »."""
        return " : ".join(filter(None, (self.qui, self.pour_quoi)))

    @property
    def bref(self) -> str:
        """« 15 € de l’heure (réunion) »: how much and for what, or else to whom."""
        what = self.pour_quoi or self.qui
        return f"{self.combien} ({what})" if what else self.combien

    @property
    def mots(self) -> str:
        """« 15 € de l’heure, personnes concernées : réunion »."""
        return ", ".join(filter(None, (self.combien, self.a_qui)))

    @property
    def ligne(self) -> str:
        return " ; ".join([self.combien, self.qui, self.pour_quoi]).rstrip("; ").replace(";  ;", "; ;")


class LigneIllisible(ValueError):
    """A line without a readable indemnity. The message, in French, says what to write."""


def split(ligne: str) -> tuple[str, Unite, str, str]:
    """(amount as typed, unit, to whom, for what). `SANS` if the words name no unit."""
    combien, qui, pour_quoi = (part.strip() for part in (*ligne.split(";", 2), "", "")[:3])
    words = " ".join(combien.replace("'", "’").split())
    for unite in Unite:
        if words.casefold() == _SEULE[unite].casefold():
            return "", unite, qui, pour_quoi
    for ending, unite in _ENDINGS:
        if words.casefold().endswith(ending):
            return words[: -len(ending)].strip(), unite, qui, pour_quoi
    return combien, Unite.SANS, qui, pour_quoi


def joined(montant: str, unite: Unite, qui: str, pour_quoi: str) -> str:
    """The reverse of `split`; "" if all is empty."""
    montant, qui, pour_quoi = (
        " ".join(text.replace(";", ",").replace("|", ",").split()) for text in (montant, qui, pour_quoi)
    )
    if not (montant or qui or pour_quoi or unite != Unite.SANS):
        return ""
    number = parse_nombre(montant)
    if number or not montant:
        return Indemnite(number, unite, qui, pour_quoi).ligne
    return " ; ".join([f"{montant} {_APRES.get(unite, '')}".strip(), qui, pour_quoi])


def read(ligne: str) -> Indemnite:
    """The indemnity of a line. Raises LigneIllisible if its amount cannot be read."""
    montant, unite, qui, pour_quoi = split(ligne)
    number = parse_nombre(montant) if montant else None
    if montant and not number:
        how = "un seul par ligne, deux décimales au plus, par exemple 15 ou 0,30"
        raise LigneIllisible(f"« {montant[:40]} » n’est pas un montant : {how}")
    if number and number > MAXIMUM:
        raise LigneIllisible(f"« {montant[:40]} » est trop grand pour une indemnité")
    return Indemnite(number, unite, qui, pour_quoi)


def read_all(texte: str) -> list[Indemnite]:
    """The indemnities of a text, each once. An unreadable line becomes words without an amount."""
    found = []
    for ligne in filter(None, map(str.strip, texte.splitlines())):
        try:
            found.append(read(ligne))
        except LigneIllisible:
            found.append(Indemnite(None, qui=ligne.replace(";", ",")))
    return list(dict.fromkeys(found))


def sentence(texte: str) -> str:
    """The indemnities of a text as one sentence."""
    return " ; ".join(one.mots for one in read_all(texte))


def text_of(indemnites: Iterable[Indemnite]) -> str:
    return "\n".join(indemnite.ligne for indemnite in indemnites)
