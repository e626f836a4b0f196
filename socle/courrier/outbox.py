"""Put a mail into the outbox, in the transaction of what it tells: rolled back with it, sent once it is committed."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from socle.courrier import EN_FICHIERS, envoi
from socle.courrier.adresses import AdresseInvalide, normalise
from socle.courrier.models import Courriel, PieceJointe
from socle.courrier.texte import as_text, tidy, une_ligne

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FichierAJoindre:
    """A file to join. `type`: « text/calendar »."""

    nom: str
    type: str
    contenu: bytes


def deposit(
    gabarit: str,
    courriel: str,
    contexte: dict,
    *,
    objet: str,
    pieces: Iterable[FichierAJoindre] = (),
    sujet=None,
    cle: str = "",
    repondre_a: str = "",
    desabonnement: str = "",
) -> Courriel:
    """Put a mail to `courriel` into the outbox; the row that is there already if `cle` was used before.

    `gabarit` names `templates/courriels/<gabarit>.html`, rendered now with `contexte`; its text is read from it.
    `objet` is one line, put as it is: it is no template. `repondre_a`: the address that an answer goes to, if it is not
    the site's. `desabonnement`: of a mail that comes regularly, the address of a page any POST to which stops them.
    AdresseInvalide, with words for whoever typed it, if no mail can go to one of the two.
    """
    html = _rendered(gabarit, contexte)
    row = {
        "destinataire": normalise(courriel),
        "repondre_a": normalise(repondre_a) if repondre_a else "",
        "desabonnement": desabonnement,
        "objet": une_ligne(objet, 250),
        "texte": as_text(html),
        "html": html,
        "message_id": f"<{uuid4()}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
        "prochain_essai": timezone.now(),
        "sujet": sujet,
    }
    with transaction.atomic(savepoint=False):
        if not cle:
            deposited, created = Courriel.objects.create(**row), True
        else:
            deposited, created = Courriel.objects.get_or_create(cle=cle, defaults=row)
        if created:
            PieceJointe.objects.bulk_create(
                PieceJointe(courriel=deposited, nom=_name(piece.nom), type=piece.type, contenu=piece.contenu)
                for piece in pieces
            )
            if settings.EMAIL_BACKEND == EN_FICHIERS:  # without a server there is no failure to wait for
                transaction.on_commit(envoi.send, robust=True)
    return deposited


def write_to(sujet, gabarit: str, contexte: dict, **how) -> bool:
    """Put a mail to the address that `sujet` holds, and is about; False for a row that no mail can reach: no address,
    or one kept as typed. `how`: as `deposit`."""
    if not sujet.courriel:
        return False
    try:
        deposit(gabarit, sujet.courriel, contexte, sujet=sujet, **how)
    except AdresseInvalide:
        logger.warning("%s : adresse inutilisable, courriel « %s » non déposé.", sujet, gabarit)
        return False
    return True


def apercu(gabarit: str, contexte: dict) -> str:
    """The text of a mail, for whoever reads it before it is put."""
    return as_text(_rendered(gabarit, contexte))


def _rendered(gabarit: str, contexte: dict) -> str:
    # Without the request: a mail is the same whatever address the site was asked at.
    context = Context({"site_url": settings.SITE_URL} | contexte)
    return tidy(get_template(f"courriels/{gabarit}.html").template.render(context)).strip() + "\n"


def _name(nom: str) -> str:
    """An attachment's name: one line, no folder, no quotes."""
    return re.sub(r'[\\/:"<>|?*]+', "-", une_ligne(nom, 100)) or "piece"
