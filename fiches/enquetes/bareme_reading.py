"""Amounts in the answers of a survey, where a figure stands beside its unit: « 15 € de l’heure », « bons de 20 € ».

What is found is proposed to editors, never published. An amount counts where its unit follows it (« 80 euros la
journée », « 12 €/h »), or else where its unit leads to it (« bons d’achat de 20 € », « repas plafonné à 15 € »). Both
ends of a range are proposed. Left alone: a bare amount, and what a budget, a subsidy or a cost is. « Au réel » and
« salaire maintenu » have no amount.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fiches.enquetes.indemnites import MAXIMUM, Indemnite, Unite
from socle.francais.nombres import parse_nombre

CONTEXT = 140  # letters of the sentence on each side of what is quoted

_BONS = (
    r"(?:(?:bons?|ch[èe]ques?|cartes?)[ -](?:d['’]achats?|cadeaux?)|(?:tickets?|ch[èe]ques?)[ -]"
    r"(?:services?|restaurants?|d[ée]jeuners?|vacances))"
)
_NOUNS = {
    Unite.HEURE: r"(?:h|heures?|horaires?)",
    Unite.DEMI_JOURNEE: r"(?:(?:demie?|1/2|½)[ -]?journ[ée]es?)",
    Unite.JOURNEE: r"(?:jours?|journ[ée]es?)",
    Unite.SEANCE: r"(?:s[ée]ances?|r[ée]unions?|rencontres?|ateliers?|interventions?|vacations?|t[ée]moignages?)",
    Unite.MOIS: r"(?:mois|mensuels?)",
    Unite.FORFAIT: r"(?:forfaits?|forfaitaires?)",
    Unite.BONS: rf"(?:de )?{_BONS}",
    Unite.KILOMETRE: r"(?:km|kilom[èe]tres?)",
    Unite.REPAS: r"(?:repas|d[ée]jeuners?)",
}
# « … de 20 € »: the noun that leads to an amount.
_LEADING = {
    Unite.HEURE: r"(?:taux|tarif|indemnit[ée]|r[ée]mun[ée]ration) horaire",
    Unite.JOURNEE: r"(?:indemnit[ée]s?|forfaits?|tarif) journali(?:er|[èe]re)s?",
    Unite.SEANCE: r"(?:vacations?|par (?:s[ée]ance|r[ée]union|rencontre|atelier))",
    Unite.MOIS: r"(?:indemnit[ée]s?|forfaits?) mensuel(?:le)?s?",
    Unite.FORFAIT: r"(?:forfaits?|(?:indemnit[ée]s?|somme) forfaitaires?)",
    Unite.BONS: _BONS,
    Unite.REPAS: r"repas",
}
_NUMBER = r"(?:\d{1,2}[ .]\d{3}|\d{1,5})(?:[.,]\d{1,2})?"
_EURO = r"(?:€|euros?\b|eur\b)"
_AMOUNT = re.compile(
    rf"(?:\b(?:de|entre) (?P<low>{_NUMBER}) ?{_EURO}? (?:à|et) )?(?<![\d.,])(?P<high>{_NUMBER}) ?{_EURO}",
    re.IGNORECASE,
)
# Between an amount and its unit: « net », « par personne et », then « / », « la », « de l’ », « pour chaque ».
_OF_WHAT = (
    r"(?: (?:bruts?|nets?|ttc|chacune?|maximum|max\.?|environ|d['’]indemnit[ée]s?|d['’]indemnisation|"
    r"de d[ée]fraiement)| par (?:personne|participante?)(?: et)?){0,2}"
)
_ARTICLE = (
    r"(?: ?/ ?| ?\((?:par |la |l['’])?| (?:(?:par|la|le|du|au|en|chaque|pour (?:une?|la|le|chaque)|"
    r"[àd]e? (?:la|un|une)) |(?:[àd]e? |pour |)l['’] ?)?)"
)
# Between a noun and the amount that it leads to.
_LINK = (
    r"(?: ?[:(] ?| (?:(?:d['’]un (?:montant|maximum)|d['’]une valeur|(?:plafonn|limit|fix)[ée]e?s?) )?"
    r"(?:de|à|jusqu['’]à) | )$"
)
_FOLLOWING = {unite: re.compile(rf"{_OF_WHAT}{_ARTICLE}{noun}(?!\w)", re.IGNORECASE) for unite, noun in _NOUNS.items()}
_LEADS = {unite: re.compile(rf"\b{noun}{_LINK}", re.IGNORECASE) for unite, noun in _LEADING.items()}
_WITHOUT_AMOUNT = {
    Unite.FRAIS_REELS: re.compile(r"\b(?:frais|co[ûu]ts?) r[ée]els?\b|\baux? r[ée]els?\b", re.IGNORECASE),
    Unite.SALAIRE: re.compile(r"\bmaintien d[eu]s? salaires?\b|\bsalaires? maintenus?\b", re.IGNORECASE),
}
_NO_INDEMNITY = re.compile(
    r"\b(?:budget|enveloppe|subvention|financement|dotation|co[ûu]t|cotisation|devis)\w*\b[^.;\n]*$", re.IGNORECASE
)
_ENDS = re.compile(r"(?<=[.!?…]) |\n")


@dataclass(frozen=True)
class BaremePropose:
    """An indemnity that an answer seems to say, and the words around those that say it."""

    indemnite: Indemnite
    champ: str
    avant: str
    mots: str
    apres: str


def propositions(textes: Iterable[tuple[str, str]]) -> list[BaremePropose]:
    """What answers, as (field, text), say of amounts; the same amount by the same unit once."""
    found: dict[str, BaremePropose] = {}
    for champ, texte in textes:
        for indemnite, start, end in _found_in(plain := _plain(texte)):
            if indemnite.combien not in found:
                found[indemnite.combien] = BaremePropose(indemnite, champ, *_quoted(plain, start, end))
    return list(found.values())


def _plain(texte: str) -> str:
    """A text with one kind of blank, its lines kept."""
    return "\n".join(" ".join(line.split()) for line in texte.splitlines())


def _found_in(texte: str) -> Iterator[tuple[Indemnite, int, int]]:
    """(indemnity, where its words begin, where they end), in the order of the text."""
    found = [
        (Indemnite(None, unite), *match.span())
        for unite, words in _WITHOUT_AMOUNT.items()
        for match in words.finditer(texte)
    ]
    for amount in _AMOUNT.finditer(texte):
        told = _unit_of(texte, amount)
        if told is None:
            continue
        unite, start, end = told
        if _NO_INDEMNITY.search(texte, max(0, start - CONTEXT), start):
            continue
        for typed in filter(None, (amount["low"], amount["high"])):
            number = parse_nombre(typed)
            if number and number <= MAXIMUM:
                found.append((Indemnite(number, unite), start, end))
    yield from sorted(found, key=lambda one: one[1])


def _unit_of(texte: str, amount: re.Match) -> tuple[Unite, int, int] | None:
    """The unit of an amount, where the words of both begin and end: that which follows it, else that which leads."""
    for unite, following in _FOLLOWING.items():
        if match := following.match(texte, amount.end()):
            return unite, amount.start(), match.end()
    before = texte[max(0, amount.start() - CONTEXT) : amount.start()]
    for unite, leads in _LEADS.items():
        if match := leads.search(before):
            return unite, amount.start() - (len(before) - match.start()), amount.end()
    return None


def _quoted(texte: str, start: int, end: int) -> tuple[str, str, str]:
    """The sentence of some words: before them, themselves, after them."""
    before = _ENDS.split(texte[:start])[-1]
    after = _ENDS.split(texte[end:])[0]
    left = before if len(before) <= CONTEXT else f"… {before[-CONTEXT:].partition(' ')[2]}"
    right = after if len(after) <= CONTEXT else f"{after[:CONTEXT].rpartition(' ')[0]} …"
    return left, texte[start:end], right
