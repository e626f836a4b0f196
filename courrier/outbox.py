"""Put a mail into the outbox, in the transaction of what it tells: rolled back with it, sent once it is committed."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from courrier.adresses import normaliser
from courrier.models import Courriel, PieceJointe

_GABARIT = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@dataclass(frozen=True)
class Piece:
    """A file to join. `type`: « text/calendar »."""

    nom: str
    type: str
    contenu: bytes


@transaction.atomic
def deposer(
    gabarit: str,
    courriel: str,
    contexte: dict,
    *,
    objet: str,
    pieces: Iterable[Piece] = (),
    sujet=None,
    cle: str = "",
    pas_avant: datetime | None = None,
) -> Courriel:
    """Put a mail to `courriel` into the outbox; the row that is there already if `cle` was used before.

    `gabarit` names `templates/courriels/<gabarit>.txt` and `.html`, rendered now with `contexte`. `objet` is one line,
    put as it is: it is no template. AdresseInvalide, with words for whoever typed it, if no mail can go to `courriel`.
    """
    row = {
        "destinataire": normaliser(courriel),
        "objet": _line(objet, 250),
        "texte": _rendered(gabarit, "txt", contexte),
        "html": _rendered(gabarit, "html", contexte),
        "message_id": f"<{uuid4()}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
        "prochain_essai": pas_avant or timezone.now(),
        "sujet": sujet,
    }
    if not cle:
        deposited, created = Courriel.objects.create(**row), True
    else:
        deposited, created = Courriel.objects.get_or_create(cle=cle, defaults=row)
    if created:
        PieceJointe.objects.bulk_create(
            PieceJointe(courriel=deposited, nom=_name(piece.nom), type=_type(piece.type), contenu=piece.contenu)
            for piece in pieces
        )
    return deposited


def _rendered(gabarit: str, suffixe: str, contexte: dict) -> str:
    if not _GABARIT.fullmatch(gabarit):
        raise ValueError(f"« {gabarit} » n’est pas le nom d’un gabarit de templates/courriels/.")
    # Only html is escaped; neither is given the request: a mail is the same whatever address the site was asked at.
    context = Context({"site_url": settings.SITE_URL} | contexte, autoescape=suffixe == "html")
    text = _clean(get_template(f"courriels/{gabarit}.{suffixe}").template.render(context))
    return re.sub(r"[ \t]*\n(?:[ \t]*\n){2,}", "\n\n", text).strip() + "\n"


def _clean(text: str) -> str:
    """Without what no mail and no database can hold: NUL, other controls, halves of signs."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _line(text: str, length: int) -> str:
    """One line, whatever it was: a subject with a line break would be another header."""
    return _clean(" ".join(str(text).split()))[:length].strip()


def _name(nom: str) -> str:
    """An attachment's name: one line, no folder, no quotes."""
    return re.sub(r'[\\/:"<>|?*]+', "-", _line(nom, 100)) or "piece"


def _type(kind: str) -> str:
    if not _TYPE.fullmatch(kind):
        raise ValueError(f"« {kind} » n’est pas un type de fichier (text/calendar).")
    return kind
