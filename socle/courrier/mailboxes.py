"""Mail addresses as people type them: corrected if there is no doubt, else refused with helpful words.

Whatever stores or compares an address uses these functions.
"""

import re
import unicodedata
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX, MAX_LOCAL = 254, 64  # RFC 5321: the longest address, and the longest part before the @


class AdresseInvalide(ValidationError):
    """No mail can be sent to this address. The message is for the person who typed it."""


def normalise(texte: str) -> str:
    """The address to write to: NFC, no quotes, domain in lower case and with a dot. Raises AdresseInvalide."""
    adresse = unicodedata.normalize("NFC", str(texte)).strip()
    if any(unicodedata.category(sign)[0] in "CZ" for sign in adresse):
        raise AdresseInvalide("Une adresse électronique tient en un mot : retirez les espaces.")
    local, at, domaine = adresse.rpartition("@")
    if not (at and local and domaine):
        raise AdresseInvalide("L’adresse est incomplète : elle s’écrit comme nom@exemple.bzh.")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])  # the same mailbox; an address that needs its quotes is refused
    if not local.isascii():
        raise AdresseInvalide("Retirez les accents avant le « @ » : nos courriels n’y parviendraient pas.")
    domaine = domaine.lower()
    if "." not in domaine:
        raise AdresseInvalide("Après le « @ », il manque un point et la fin, comme dans exemple.bzh.")
    adresse = f"{local}@{domaine}"
    if len(adresse) > MAX or len(local) > MAX_LOCAL:
        raise AdresseInvalide("Cette adresse est trop longue : relisez-la.")
    try:
        validate_email(adresse)
        domaine.encode("idna")
        valable = '"' not in local and not domaine.startswith("[")  # an IP address is nobody's mailbox
    except (ValidationError, UnicodeError):
        valable = False
    if not valable:
        raise AdresseInvalide("Cette adresse n’est pas valable : relisez-la, lettre par lettre.")
    return adresse


def address_key(adresse: str) -> str:
    """One key for all spellings: « Nolwenn@Exemple.BZH » → "nolwenn@exemple.bzh"."""
    return unicodedata.normalize("NFC", adresse).strip().casefold()


def comparable(adresse: str) -> str:
    """One key for a mailbox, to warn of doubles: lower case, without « +… »."""
    local, _, domaine = str(adresse).strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domaine}"


def team_mailbox() -> str:
    """The team's address; empty if there is none."""
    try:
        return normalise(parseaddr(settings.CONTACT_EMAIL)[1])
    except AdresseInvalide:
        return ""
