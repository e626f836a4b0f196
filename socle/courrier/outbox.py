"""Put a mail into the outbox, in the transaction of what it tells: rolled back with it, sent after the commit.

`deposit` writes it now; `deposit_late` deposits a digest, written when it leaves (`composition.py`).
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from socle.courrier import EN_FICHIERS, composition, sending
from socle.courrier.mailboxes import AdresseInvalide, normalise
from socle.courrier.models import Courriel, PieceJointe
from socle.courrier.texte import as_text, une_ligne

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FichierAJoindre:
    """A file to attach. `type`: « text/calendar »."""

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
    """Put a mail to `courriel` into the outbox; return the existing row if `cle` was used before.

    `gabarit` names `templates/courriels/<gabarit>.html`, rendered now; the text version comes from it. `objet` is one
    line, no template. `repondre_a`: for answers, if not the site's address. `desabonnement`: for regular mails, a page
    where any POST stops them. Raises AdresseInvalide, with words for the person, if one of the two addresses is
    invalid.
    """
    html = composition.render(gabarit, contexte)
    how = {"repondre_a": normalise(repondre_a) if repondre_a else "", "desabonnement": desabonnement, "sujet": sujet}
    return _put(courriel, objet, cle, pieces, texte=as_text(html), html=html, **how)


def deposit_late(
    ecrit_par: str,
    courriel: str,
    *,
    objet: str,
    sujet=None,
    cle: str = "",
    desabonnement: str = "",
    donnees=None,
) -> Courriel:
    """Put a mail into the outbox whose subject and text are written when it leaves.

    The mail does not leave if nothing is left to say. `ecrit_par`: its writer's key (`courriels` of a room). `objet`:
    its title until then. `donnees`: keys of the rows to tell of, as JSON, never words. Others: as `deposit`.
    """
    how = {"composition": ecrit_par, "donnees": donnees, "desabonnement": desabonnement, "sujet": sujet}
    return _put(courriel, objet, cle, (), **how)


def _put(courriel: str, objet: str, cle: str, pieces: Iterable[FichierAJoindre], **fields) -> Courriel:
    """The row, due now; the existing row if `cle` was used before."""
    row = fields | {
        "destinataire": normalise(courriel),
        "objet": une_ligne(objet, 250),
        "message_id": f"<{uuid4()}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
        "prochain_essai": timezone.now(),
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
            if settings.EMAIL_BACKEND == EN_FICHIERS:  # without a server, no failure to wait for
                transaction.on_commit(sending.send, robust=True)
    return deposited


def write_to(sujet, gabarit: str, contexte: dict, **how) -> bool:
    """`deposit` a mail to `sujet.courriel`, about `sujet`. False if that address is missing or invalid."""
    if not sujet.courriel:
        return False
    try:
        deposit(gabarit, sujet.courriel, contexte, sujet=sujet, **how)
    except AdresseInvalide:
        logger.warning("%s : adresse inutilisable, courriel « %s » non déposé.", sujet, gabarit)
        return False
    return True


def apercu(gabarit: str, contexte: dict) -> str:
    """The text of a mail, before it is deposited."""
    return as_text(composition.render(gabarit, contexte))


def _name(nom: str) -> str:
    """A file name for mails: one line, no folder, no quotes."""
    return re.sub(r'[\\/:"<>|?*]+', "-", une_ligne(nom, 100)) or "piece"
