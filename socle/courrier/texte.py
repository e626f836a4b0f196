"""Texts that a mail and both databases can hold."""

import unicodedata


def tidy(text: str) -> str:
    """`text` without NUL, other control signs and halves of signs; line breaks and tabs stay."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def une_ligne(text: str, length: int) -> str:
    """One line, whatever it was: in a header, a line break would start another one."""
    return tidy(" ".join(str(text).split()))[:length].strip()
