"""Amounts as people type them here, in a filter, a form or a cell: strict, since they can be asked again."""

import re
from decimal import Decimal

# All the blanks met in typed amounts: no-break, narrow, thin, figure spaces, tabs.
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
_NUMBER = re.compile(
    r"([0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]{1,30})(?:[.,]([0-9]{1,2}))?(?: ?(?:€|eur|euros?))?", re.IGNORECASE
)


def parse_nombre(text: str) -> Decimal | None:
    """« 20 000 € », « 20000,50 » or « 20.000 » as an exact number; None if it is anything else."""
    match = _NUMBER.fullmatch(BLANKS.sub(" ", text).strip())
    if not match:
        return None
    whole, cents = match.groups()
    return Decimal(f"{re.sub('[. ]', '', whole)}.{cents or '00'}")
