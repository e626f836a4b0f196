"""The licence of the records: the operator chooses it, every page and file says it."""

import re
from dataclasses import dataclass

from django.http import HttpResponseBase

from socle.catalogue.columns import Column
from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.journal.following import COMMUN
from socle.rooms import rooms


@dataclass(frozen=True)
class Licence:
    """`cle`: its key in `CONNUES`, or "". `nom`: "" until one is chosen.

    `adresse`: of its text; for an unknown licence, the page that names it.
    """

    cle: str = ""
    nom: str = ""
    adresse: str = ""


CONNUES = {
    one.cle: one
    for one in (
        Licence("lo-2.0", "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence"),
        Licence("odbl-1.0", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        Licence("cc-by-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("cc-by-sa-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    )
}
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_BETWEEN = {"v", "version"}  # « Licence Ouverte v2.0 », « version 2.0 »


def named_in(text: str) -> Licence | None:
    """The known licence that a text names; None if it names none, or several."""
    words = _words(text)
    found = [one for one in CONNUES.values() if f" {_words(one.nom)} " in f" {words} "]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> str:
    return " ".join(word for word in _WORDS.findall(fold(text)) if word not in _BETWEEN)


def chosen() -> Licence:
    """The licence that a room says was chosen, held until somebody chooses another."""
    return cached(("licence",), lambda: next((room.licence() for room in rooms() if room.licence), Licence()), COMMUN)


def column(nom: str = "") -> Column:
    """The last column of each file: a line that is copied from it still says its licence."""
    return Column("licence", ("pk",), lambda pk: nom)


def linked(response: HttpResponseBase) -> HttpResponseBase:
    """The response with a link to the licence in its headers (RFC 8288)."""
    if address := chosen().adresse:
        before = f"{response['Link']}, " if response.has_header("Link") else ""
        response["Link"] = f'{before}<{address}>; rel="license"'
    return response
