"""What mails say: a rendered template. A mail is written when deposited; a digest, when it leaves.

A digest may wait for days for its server. It tells what is true when it leaves, or does not leave. The room that
deposits it (`outbox.deposit_late`) declares its writer in `declaration.py`:

    ROOM = Room(courriels={"alertes": courriels.write_news})
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from socle.courrier.mailboxes import AdresseInvalide, normalise
from socle.courrier.models import Courriel
from socle.courrier.texte import as_text, tidy, une_ligne
from socle.rooms import rooms


@dataclass(frozen=True)
class CourrielEcrit:
    """The content of a mail as it leaves."""

    objet: str
    gabarit: str
    contexte: dict


Writer = Callable[[Courriel], CourrielEcrit | None]


def writers() -> Mapping[str, Writer]:
    """{key under which mails are deposited: what writes them}, of all rooms."""
    return ChainMap(*(room.courriels for room in rooms()))


def write(courriel: Courriel) -> bool:
    """Write a claimed digest, in memory only. False if nothing is left to say."""
    if not courriel.composition:
        return True
    courriel.refresh_from_db(fields=["donnees"])  # which were added to until it was claimed
    written = writers()[courriel.composition](courriel)
    if written is None:
        return False
    courriel.objet, courriel.html = une_ligne(written.objet, 250), render(written.gabarit, written.contexte)
    courriel.texte = as_text(courriel.html)
    return True


def goes_to(courriel: Courriel, adresse: str) -> bool:
    """Whether the mail was deposited for `adresse`, the person's present address.

    An address corrected or emptied since then may have been a stranger's.
    """
    try:
        return normalise(adresse) == courriel.destinataire
    except AdresseInvalide:
        return False


def render(gabarit: str, contexte: dict) -> str:
    """The page of a mail. No request is used: links in mails always use SITE_URL."""
    context = Context({"site_url": settings.SITE_URL} | contexte)
    return tidy(get_template(f"courriels/{gabarit}.html").template.render(context)).strip() + "\n"
