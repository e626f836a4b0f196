"""Count what the answers of the surveys that are there say of amounts, as this was read on the day of this migration."""

import re
from collections.abc import Iterator
from decimal import Decimal

from django.db import migrations

TEXTES = (
    *("origine_demarche", "acteurs", "contexte", "indemnise_quoi", "indemnise_qui", "forme", "bareme"),
    *("delai_montants", "arguments", "processus", "freins", "leviers", "suggestions", "satisfaction"),
)
CONTEXT = 140
MAXIMUM = Decimal("99999.99")

_BONS = (
    r"(?:(?:bons?|ch[èe]ques?|cartes?)[ -](?:d['’]achats?|cadeaux?)|(?:tickets?|ch[èe]ques?)[ -]"
    r"(?:services?|restaurants?|d[ée]jeuners?|vacances))"
)
_NOUNS = {
    "heure": r"(?:h|heures?|horaires?)",
    "demi-journee": r"(?:(?:demie?|1/2|½)[ -]?journ[ée]es?)",
    "journee": r"(?:jours?|journ[ée]es?)",
    "seance": r"(?:s[ée]ances?|r[ée]unions?|rencontres?|ateliers?|interventions?|vacations?|t[ée]moignages?)",
    "mois": r"(?:mois|mensuels?)",
    "forfait": r"(?:forfaits?|forfaitaires?)",
    "bons": rf"(?:de )?{_BONS}",
    "kilometre": r"(?:km|kilom[èe]tres?)",
    "repas": r"(?:repas|d[ée]jeuners?)",
}
# « … de 20 € »: the noun that leads to an amount.
_LEADING = {
    "heure": r"(?:taux|tarif|indemnit[ée]|r[ée]mun[ée]ration) horaire",
    "journee": r"(?:indemnit[ée]s?|forfaits?|tarif) journali(?:er|[èe]re)s?",
    "seance": r"(?:vacations?|par (?:s[ée]ance|r[ée]union|rencontre|atelier))",
    "mois": r"(?:indemnit[ée]s?|forfaits?) mensuel(?:le)?s?",
    "forfait": r"(?:forfaits?|(?:indemnit[ée]s?|somme) forfaitaires?)",
    "bons": _BONS,
    "repas": r"repas",
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
    "frais-reels": re.compile(r"\b(?:frais|co[ûu]ts?) r[ée]els?\b|\baux? r[ée]els?\b", re.IGNORECASE),
    "salaire": re.compile(r"\bmaintien d[eu]s? salaires?\b|\bsalaires? maintenus?\b", re.IGNORECASE),
}
_NO_INDEMNITY = re.compile(
    r"\b(?:budget|enveloppe|subvention|financement|dotation|co[ûu]t|cotisation|devis)\w*\b[^.;\n]*$", re.IGNORECASE
)


def count(apps, schema_editor):
    enquetes = apps.get_model("enquetes", "Enquete").objects
    for enquete in enquetes.all():
        found = {one for name in TEXTES for one in _found_in(_plain(getattr(enquete, name)))}
        if found:
            enquetes.filter(pk=enquete.pk).update(baremes_a_lire=len(found))


def _plain(texte: str) -> str:
    return "\n".join(" ".join(line.split()) for line in texte.splitlines())


def _found_in(texte: str) -> Iterator[tuple[Decimal | None, str]]:
    """(amount, unit) of each indemnity of a text."""
    yield from ((None, unite) for unite, words in _WITHOUT_AMOUNT.items() if words.search(texte))
    for amount in _AMOUNT.finditer(texte):
        told = _unit_of(texte, amount)
        if told is None or _NO_INDEMNITY.search(texte, max(0, told[1] - CONTEXT), told[1]):
            continue
        for typed in filter(None, (amount["low"], amount["high"])):
            number = Decimal(re.sub(r"[ .](?=\d{3})", "", typed).replace(",", "."))
            if 0 < number <= MAXIMUM:
                yield number, told[0]


def _unit_of(texte: str, amount: re.Match) -> tuple[str, int] | None:
    """The unit of an amount, and where the words of both begin."""
    for unite, following in _FOLLOWING.items():
        if following.match(texte, amount.end()):
            return unite, amount.start()
    before = texte[max(0, amount.start() - CONTEXT) : amount.start()]
    for unite, leads in _LEADS.items():
        if match := leads.search(before):
            return unite, amount.start() - (len(before) - match.start())
    return None


class Migration(migrations.Migration):
    dependencies = [("enquetes", "0003_indemnites")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
