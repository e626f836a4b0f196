"""The way to register that the text of an event holds."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

_LIEN = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)


def only_link(text: str) -> str:
    """The one http(s) address of `text`, "" if it holds none or several."""
    found = {match.group().rstrip(".,;:!?…)'’\"") for match in _LIEN.finditer(text)}
    if len(found) != 1:
        return ""
    link = found.pop()
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        return ""
    return link if len(link) <= 500 else ""
