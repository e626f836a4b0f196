"""Reads amounts as people type them: « 15 000 Euros », « 88 093.00 € », « 23 328 TTC », « 1 008 € », « 12 k€ ».

Imports and the takeover call `parse_montant`. No database.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from socle.francais.nombres import BLANKS

MAXIMUM = Decimal("999999999999.99")  # the column holds 12 digits before the point

# The start of a cell: a number (groups of three with one separator, or plain digits; two decimals), its unit or the
# end.
_AMOUNT = re.compile(
    r"[(:€\s]*"
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<sep>[ .,'’])[0-9]{3})(?:(?P=sep)[0-9]{3})*|[0-9]+)"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?(?![0-9]|[.,][0-9])"
    r"\s*(?:(?P<factor>[km])?\s*(?:€|euros?\b|eur\b)|(?=t\.?t\.?c\b|h\.?t\b|[).;:]*$))",
    re.IGNORECASE,
)
_SURE = re.compile(r"(?:(?:t\.?t\.?c|h\.?t|tvac)\b|[:.,;()\s])*", re.IGNORECASE)
_THOUSANDTHS = re.compile(r"[0-9]+[.,][0-9]{3}")  # « 1,255 M€ » is 1.255 million
_FACTOR = {"": 1, "k": 1_000, "m": 1_000_000}


# A word's first letter, except the unit's. `(?<!\w)` comes first: each blank is tested once.
_WORD = re.compile(r"(?<!\w)(?=[^\W\d_])(?![km]?\s*(?:euros?|eur)\b|[km]\s*€)", re.IGNORECASE)


class MontantLu(NamedTuple):
    """`eur`: exact, None if not sure. `douteux`: somebody should look."""

    eur: Decimal | None
    douteux: bool


def parse_montant(text: str) -> MontantLu:
    """The exact amount in euros, and whether somebody should check it. Never raises.

    An amount is a figure at the start of the cell, followed by €, euros, k€, TTC, HT or the end.

    - More words after it: the amount, doubtful. « 77 600 € sur une dépense de 98 000 € HT » is 77 600.
    - Words or a minus sign first, a figure of something else (« 3 bornes à 1 000 € », « 50 % de… »), wrong groups
      (« 400 00 € »), too large: no amount, doubtful.
    - Empty: no amount, no doubt.
    - « 1.008 » and « 1,008 » are a thousand and eight: money has two decimals.
    """
    text = BLANKS.sub(" ", text).strip()
    if not text:
        return MontantLu(None, False)
    amount = _AMOUNT.match(text)
    if amount is None:
        return MontantLu(None, True)
    whole, factor = amount["whole"], _FACTOR[(amount["factor"] or "").lower()]
    if factor > 1 and _THOUSANDTHS.fullmatch(whole):
        eur = Decimal(whole.replace(",", ".")) * factor
    else:
        eur = Decimal(f"{re.sub('[^0-9]', '', whole)}.{amount['cents'] or '00'}") * factor
    if eur > MAXIMUM:
        return MontantLu(None, True)
    return MontantLu(eur.quantize(Decimal("0.01")), not _SURE.fullmatch(text, amount.end()))


def says_more(text: str) -> bool:
    """Whether a text says more than a number of euros: a share, taxes, a date."""
    return parse_montant(text).douteux or bool(_WORD.search(text))
