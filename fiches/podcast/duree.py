"""Lengths of recordings, as people type and read them."""

import re

from socle.francais.wording import INSECABLE

_CLOCK = re.compile(r"(?:(?P<h>[0-9]{1,2}):(?=[0-9]{2}:))?(?P<m>[0-9]{1,3}):(?P<s>[0-5][0-9])")


def parse_duree(text: str) -> int:
    """Convert "21:24", "1:02:30" or plain seconds to seconds; ValueError otherwise."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return int(text)
    match = _CLOCK.fullmatch(text)
    if not match or (match["h"] and int(match["m"]) > 59):
        raise ValueError(f"no length: {text!r}")
    return int(match["h"] or 0) * 3600 + int(match["m"]) * 60 + int(match["s"])


def horloge(seconds: int) -> str:
    """1284 → « 21:24 », 3750 → « 1:02:30 », for forms. `parse_duree` reads it back."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def en_lettres(seconds: int | None) -> str:
    """1284 → « 21 min 24 s », 3750 → « 1 h 2 min »; "" if unknown."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number}{INSECABLE}{unit}" for number, unit in parts if number)


def iso(seconds: int | None) -> str:
    """1284 → « PT21M24S » (ISO 8601); "" if unknown."""
    return f"PT{seconds // 60}M{seconds % 60}S" if seconds else ""
