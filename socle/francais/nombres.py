"""Numbers typed in a filter, a form or a cell. Strict: whoever types can be asked again."""

import re
from decimal import Decimal

# All blanks found in typed amounts: no-break, narrow, thin, figure spaces, tabs.
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
_NUMBER = re.compile(
    r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,30})(?:[.,]([0-9]{1,2}))?(?: ?(?:€|eur|euros?))?", re.IGNORECASE
)


def parse_nombre(text: str) -> Decimal | None:
    """« 20 000 € », « 20000,50 » or « 20.000 » as an exact number; else None."""
    match = _NUMBER.fullmatch(BLANKS.sub(" ", text).strip())
    if not match:
        return None
    units, cents = match.groups()
    return Decimal(f"{re.sub('[. ]', '', units)}.{cents or '00'}")


def whole(text: str, digits: int) -> int | None:
    """An integer of at most `digits` digits, 0 to 9 only, from an address or a button; else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
