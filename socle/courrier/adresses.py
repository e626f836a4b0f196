"""Addresses as people type them: mended when there is no doubt, refused with words that say what to do."""

import re
import unicodedata
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX, MAX_LOCAL = 254, 64  # RFC 5321: what a server takes, whole and before the @


class AdresseInvalide(ValidationError):
    """An address that no mail can be sent to. Its message is for whoever typed it."""


def normalise(texte: str) -> str:
    """`texte` as the address to write to: NFC, no quotes, domain in lower case, with a dot. AdresseInvalide."""
    adresse = unicodedata.normalize("NFC", str(texte)).strip()
    if any(unicodedata.category(sign)[0] in "CZ" for sign in adresse):
        raise AdresseInvalide("Une adresse électronique tient en un mot : retirez les espaces.")
    local, at, domaine = adresse.rpartition("@")
    if not (at and local and domaine):
        raise AdresseInvalide("L’adresse est incomplète : elle s’écrit comme nom@exemple.bzh.")
    if len(local) > 2 and local[0] == local[-1] == '"':
        local = re.sub(r"\\(.)", r"\1", local[1:-1])  # the same mailbox; one that needs its quotes is refused
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
        valable = '"' not in local and not domaine.startswith("[")  # the number of a machine is nobody's mailbox
    except (ValidationError, UnicodeError):
        valable = False
    if not valable:
        raise AdresseInvalide("Cette adresse n’est pas valable : relisez-la, lettre par lettre.")
    return adresse


def address_key(adresse: str) -> str:
    """What the spellings of one address share: « Nolwenn@Exemple.BZH » → "nolwenn@exemple.bzh"."""
    return unicodedata.normalize("NFC", adresse).strip().casefold()


def comparable(adresse: str) -> str:
    """What spellings of one mailbox have in common, to warn of a double: lower case, nothing after a « + »."""
    local, _, domaine = str(adresse).strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domaine}"


def team_mailbox() -> str:
    """The address of the team; "" if it has none."""
    try:
        return normalise(parseaddr(settings.CONTACT_EMAIL)[1])
    except AdresseInvalide:
        return ""
