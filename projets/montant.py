"""Amounts as people typed them: « 15 000 Euros », « 88 093.00 € », « 23 328 TTC », « 1 008 € », « 12 k€ »."""

import re
from decimal import Decimal
from typing import NamedTuple

from fiches.catalogue.nombres import BLANKS

MAXIMUM = Decimal("999999999999.99")  # what the column holds: 12 digits before the point

# A number: groups of three after one kind of separator, or plain digits; then at most two decimals.
_NUMBER = re.compile(
    r"(?<![0-9.,])"
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<sep>[ .,'’])[0-9]{3})(?:(?P=sep)[0-9]{3})*|[0-9]+)"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?"
    r"(?![0-9]|[.,][0-9])"
)
_UNIT = re.compile(r"(?P<k>k|m)?\s*(?:€|euros?\b|eur\b)", re.IGNORECASE)
_HARMLESS = re.compile(r"(?:\b(?:ttc|ht|tvac|environ)\b|[:.,;()€ -])+", re.IGNORECASE)
_FACTOR = {"": 1, "k": 1_000, "m": 1_000_000}


class MontantLu(NamedTuple):
    """`eur`: the exact amount, None if there is none to be sure of. `douteux`: someone should look at the text."""

    eur: Decimal | None
    douteux: bool


def parse_montant(text: str) -> MontantLu:
    """The amount in euros that `text` gives, exactly, and whether it is in doubt. Never raises.

    One figure with nothing but a currency, TTC or HT around it is sure. One figure with a currency among other words
    is taken and marked doubtful (« environ » included). No figure, a second figure, a minus sign, ill-formed groups
    (« 400 00 € »), a figure without currency among words, or more than the column holds: no amount, doubtful.
    Nothing at all is no amount and no doubt. « 1.008 » and « 1,008 » are a thousand and eight: money has two decimals.
    """
    text = BLANKS.sub(" ", text).strip()
    if not text:
        return MontantLu(None, False)
    numbers = list(_NUMBER.finditer(text))
    if len(numbers) != 1 or len(re.findall(r"[0-9]", text)) != len(re.findall(r"[0-9]", numbers[0].group())):
        return MontantLu(None, True)
    number = numbers[0]
    before, after = text[: number.start()], text[number.end() :]
    if re.search(r"[-−–—+]\s*$", before):
        return MontantLu(None, True)
    unit = _UNIT.match(after.lstrip())
    rest = before + (after.lstrip()[unit.end() :] if unit else after)
    words = _HARMLESS.sub("", re.sub(r"(?i)\b(?:euros?|eur)\b", "", rest)).strip()
    if words and not unit:
        return MontantLu(None, True)
    factor = _FACTOR[(unit["k"] or "").lower()] if unit else 1
    whole = re.sub(r"[^0-9]", "", number["whole"])
    eur = Decimal(f"{whole}.{number['cents'] or '00'}") * factor
    if eur > MAXIMUM:
        return MontantLu(None, True)
    eur = eur.quantize(Decimal("0.01"))
    return MontantLu(eur, bool(words) or "environ" in rest.casefold())
