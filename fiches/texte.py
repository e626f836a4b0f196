"""Small tools on French text, shared by every room: folding, lines, blocks."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})


def fold(text: str) -> str:
    """`text` in lower case, without accents, ligatures, curly apostrophes; « Cœur  d’Armor » → "coeur d'armor".

    Two labels that a reader takes for the same fold to the same text. It is also what text sorts on.
    """
    text = text.casefold().translate(_LIGATURES)
    text = unicodedata.normalize("NFKD", text).casefold()  # styled capitals become plain ones, then small ones
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.translate(_LIGATURES).split())


_COURRIEL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


def masquer_courriels(text: str) -> str:
    """`text` without e-mail addresses: nothing public prints one, wherever somebody wrote it."""
    return _COURRIEL.sub("[adresse masquée]", text) if "@" in text else text
