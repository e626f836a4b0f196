"""French words for numbers, days and lists: « 1 234 fiches », « 20 000 € », « 1er mars 2024 », « A, B ou C »."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

FINE = "\u202f"  # narrow no-break space: between thousands
INSECABLE = "\u00a0"  # no-break space: before €, :, »
WORDS_LENGTH = 100  # characters of a search made from an address
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_WORD = re.compile(r"[^\W_]+")
_GLUED = re.compile(r"[A-Z][0-9]+|[A-Z]?[a-z]+|[A-Z]|[0-9]+")
_HIATUS = re.compile(r"\b([dD])e (?=[aàâeéèêëiîïoôœuùû])", re.IGNORECASE)


def entier(number: int) -> str:
    """1234567 as « 1 234 567 », with narrow no-break spaces."""
    return f"{number:,}".replace(",", FINE)


def euros(amount: Decimal | int) -> str:
    """« 20 000 € »; cents only if there are some: « 20 000,50 € »."""
    amount = Decimal(amount).quantize(Decimal("0.01"))
    cents = f"{amount % 1:.2f}"[1:].replace(".", ",") if amount % 1 else ""
    return f"{entier(int(amount))}{cents}{INSECABLE}€"


def pluriel(number: int, singular: str, plural: str) -> str:
    """« 0 fiche », « 1 fiche », « 2 fiches »: in French, the plural starts at two."""
    return f"{entier(number)} {singular if abs(number) < 2 else plural}"


def nombre(value: Decimal | float | str, unite: str = "") -> str:
    """« 14 », « 14,5 », without useless zeros; « 14 h » with a unit."""
    text = f"{Decimal(str(value)):f}"
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return text.replace(".", ",") + (f"{INSECABLE}{unite}" if unite else "")


def accorde(adjectif: str, number: int, feminin: bool = False) -> str:
    """An adjective that agrees: « terminé », « terminée », « terminés », « terminées ».

    `adjectif`: "masculine", or with irregular forms "masculine|feminine|masculine plural".
    """
    word, au_feminin, au_pluriel = (*adjectif.split("|"), "", "")[:3]
    if feminin:
        word, au_pluriel = au_feminin or (word if word.endswith("e") else f"{word}e"), ""
    if abs(number) < 2:
        return word
    return au_pluriel or (word if word.endswith(("s", "x")) else f"{word}s")


def pluriel_ou_aucune(number: int, singular: str, plural: str) -> str:
    """« aucune fiche créée », « 1 fiche créée »: for sentences. `pluriel`, with « 0 fiche », is for tables."""
    return pluriel(number, singular, plural) if number else f"aucune {singular}"


def elision(text: str) -> str:
    """« Modification de anomalie » as « Modification d’anomalie »."""
    return _HIATUS.sub(r"\1’", text)


def ou(labels: list[str]) -> str:
    """« A », « A ou B », « A, B ou C »."""
    return _joined(labels, "ou")


def et(labels: list[str]) -> str:
    """« A », « A et B », « A, B et C »."""
    return _joined(labels, "et")


def _joined(labels: list[str], word: str) -> str:
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} {word} {labels[-1]}"


def jour_en_lettres(day: date) -> str:
    """« 1er mars 2024 », « 2 mars 2024 »; for a moment, its day in the time zone of the site."""
    day = localdate(day) if isinstance(day, datetime) else day
    return f"{'1er' if day.day == 1 else day.day} {date_format(day, 'F Y')}"


def heure(value: datetime) -> str:
    """« 9 h 30 », « 17 h », in local time."""
    local = localtime(value)
    return f"{local.hour}{INSECABLE}h" + (f"{INSECABLE}{local.minute:02d}" if local.minute else "")


def jour_et_heure(value: datetime) -> str:
    """« 1er mars 2026 à 14 h 03 », in local time."""
    return f"{jour_en_lettres(value)} à {heure(value)}"


def moment(value: datetime) -> str:
    """« 1er mars 2026 à 14:03 », in local time."""
    return f"{jour_en_lettres(value)} à {localtime(value):%H:%M}"


def unglued(nom: str) -> str:
    """The words in a name of joined words: MiseEnPlaceDUnPortail2 → « mise en place d un portail »."""
    one_word = re.fullmatch(r"[A-Z0-9]?[a-z0-9]*[a-z][A-Z]", nom)  # its last capital was added to follow a rule
    if one_word or (nom.isupper() and len(nom) > 2):  # an acronym
        return nom.lower()
    found = _GLUED.findall(nom)
    if len(found) > 1 and re.fullmatch(r"[0-9]{1,2}", found[-1]):  # the number of a second page of this name
        found.pop()
    return " ".join(found).lower()


def without_extension(nom: str) -> str:
    """« portail-famille.pdf » → « portail-famille »."""
    return _EXTENSION.sub("", nom)


def address_words(text: str) -> str:
    """A search instead of an address or a part of it: its words, joined words taken apart."""
    words = _WORD.findall(text)
    words = [unglued(word) if word.isascii() and sum(map(str.isupper, word)) > 1 else word for word in words]
    return " ".join(words)[:WORDS_LENGTH].strip()
