"""The shape of a token: its own, so that logs and sent mails recognise one and leave it out. Imports no model."""

import re
import secrets

JETON = re.compile(r"lien-[A-Za-z0-9_-]{43}")
MASQUE = "lien-…"


def draw() -> str:
    """A new token: 256 random bits."""
    return f"lien-{secrets.token_urlsafe(32)}"


def mask(text: str) -> str:
    """`text` without the tokens that are in it."""
    return JETON.sub(MASQUE, text)
