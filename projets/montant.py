"""Amounts as people typed them: « 15 000 Euros », « 88 093.00 € », « 23 328 TTC », « 1 008 € », « 12 k€ »."""

import re
from decimal import Decimal
from typing import NamedTuple

from socle.francais.nombres import BLANKS

MAXIMUM = Decimal("999999999999.99")  # what the column holds: 12 digits before the point

# What begins the cell: a number (groups of three after one kind of separator, or plain digits, then at most two
# decimals) and what it counts, or nothing more.
_AMOUNT = re.compile(
    r"[(:€\s]*"
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<sep>[ .,'’])[0-9]{3})(?:(?P=sep)[0-9]{3})*|[0-9]+)"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?(?![0-9]|[.,][0-9])"
    r"\s*(?:(?P<factor>[km])?\s*(?:€|euros?\b|eur\b)|(?=t\.?t\.?c\b|h\.?t\b|[).;:]*$))",
    re.IGNORECASE,
)
_SURE = re.compile(r"(?:(?:t\.?t\.?c|h\.?t|tvac)\b|[:.,;()\s])*", re.IGNORECASE)
_THOUSANDTHS = re.compile(r"[0-9]+[.,][0-9]{3}")  # « 1,255 M€ » is no thousand millions
_FACTOR = {"": 1, "k": 1_000, "m": 1_000_000}


# A letter that begins a word, but the unit's; asked first, so that blanks cost one look each.
_WORD = re.compile(r"(?<!\w)(?=[^\W\d_])(?![km]?\s*(?:euros?|eur)\b|[km]\s*€)", re.IGNORECASE)


class MontantLu(NamedTuple):
    """`eur`: the exact amount, None if there is none to be sure of. `douteux`: someone should look at the text."""

    eur: Decimal | None
    douteux: bool


def parse_montant(text: str) -> MontantLu:
    """The amount in euros that `text` gives, exactly, and whether somebody should look at it. Never raises.

    The amount is a figure that begins the cell and is followed by €, euros, k€, TTC, HT or the end; anything after
    these makes it doubtful (« 77 600 € sur une dépense de 98 000 € HT » is 77 600). A cell that begins with words or a
    minus sign, a figure of something else (« 3 bornes à 1 000 € », « 50 % de… »), ill-formed groups (« 400 00 € ») or
    more than the column holds: no amount, doubtful. Nothing at all is no amount and no doubt. « 1.008 » and « 1,008 »
    are a thousand and eight: money has two decimals.
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
    """Whether a text says more of an amount than how many euros: what it is part of, with which taxes, since when."""
    return parse_montant(text).douteux or bool(_WORD.search(text))
