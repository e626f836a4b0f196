"""What registrants are written, and when: a row of the outbox each, in the transaction of what it tells."""

import logging
from copy import copy
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from courrier import liens
from courrier.adresses import AdresseInvalide
from courrier.outbox import Piece, deposer
from fiches.confidentiel import montrer
from participants.evenements import ics
from participants.evenements.dates import instant
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription

# One purpose a link: that of a mail to confirm shows nothing of what was typed, its address may be a stranger's.
CONFIRMER, PROPOSITION, PERSONNEL = "inscription-confirmer", "inscription-proposition", "inscription"
ROUTES = {
    CONFIRMER: "inscriptions:confirmer",
    PROPOSITION: "inscriptions:proposition",
    PERSONNEL: "inscriptions:personnelle",
}
APRES = timedelta(days=30)  # a link still opens after the event, for one's data

logger = logging.getLogger(__name__)


def as_written(evenement: Evenement) -> Evenement:
    """The event, which now holds what mails may say of it: as the public reads it.

    Before the first save of a transaction: a save makes this process read the names that it masks again, with the seats
    locked.
    """
    evenement.montre = montrer(copy(evenement))
    return evenement


def _shown(row: Inscription) -> Evenement:
    return getattr(row.evenement, "montre", None) or as_written(row.evenement).montre


def to_confirm(row: Inscription) -> bool:
    """The first mail: confirm the address, for the seat that is held or the place in the list."""
    waiting = row.statut == Inscription.Statut.EN_ATTENTE
    return _send(
        row,
        "inscriptions/a-confirmer",
        f"{'Liste d’attente' if waiting else 'Confirmez votre inscription'} : {_titre(row)}",
        attente=waiting,
        delai=instant(row.expire_le) if row.expire_le else "",
        lien=_link(CONFIRMER, row),
    )


def already(row: Inscription) -> bool:
    """Somebody registered again with an address that has a registration: said by mail, to that address alone."""
    if row.statut == Inscription.Statut.A_VERIFIER:
        return False
    if _is_to_confirm(row):
        return to_confirm(row)
    return _send(
        row, "inscriptions/deja-inscrite", f"Votre inscription existe déjà : {_titre(row)}", lien=_link(PERSONNEL, row)
    )


def _is_to_confirm(row: Inscription) -> bool:
    """Whether nobody has confirmed the address yet, nor taken the row over or typed it at the desk."""
    return row.confirmee_le is None and row.statut in (Inscription.Statut.A_CONFIRMER, Inscription.Statut.EN_ATTENTE)


def confirmed(row: Inscription) -> bool:
    """The seat is theirs, or their place in the list."""
    if row.statut == Inscription.Statut.EN_ATTENTE:
        objet, pieces = f"Vous êtes en liste d’attente : {_titre(row)}", []
    else:
        objet, pieces = f"Vous êtes inscrit·e : {_titre(row)}", _pieces(row)
    return _send(row, "inscriptions/inscrite", objet, pieces=pieces, rang=row.rang, lien=_link(PERSONNEL, row))


def offer(row: Inscription) -> bool:
    return _send(
        row,
        "inscriptions/place-proposee",
        f"Une place s’est libérée : {_titre(row)}",
        delai=instant(row.expire_le),
        lien=_link(PROPOSITION, row),
    )


def offer_over(row: Inscription) -> bool:
    return _send(row, "inscriptions/proposition-passee", f"La place proposée est passée à la suite : {_titre(row)}")


def cancelled(row: Inscription, *, par_equipe: bool = False) -> bool:
    return _send(row, "inscriptions/annulee", f"Inscription annulée : {_titre(row)}", par_equipe=par_equipe)


def refused(row: Inscription) -> bool:
    return _send(row, "inscriptions/refusee", f"Votre inscription n’a pas été retenue : {_titre(row)}")


def reminder(row: Inscription) -> bool:
    return _send(row, "inscriptions/rappel", f"Rappel : {_titre(row)}", pieces=_pieces(row), lien=_link(PERSONNEL, row))


def moved(row: Inscription, message: str) -> bool:
    """The link of an address that nobody confirmed shows nothing of what was typed."""
    unconfirmed = _is_to_confirm(row)
    return _send(
        row,
        "inscriptions/deplace",
        f"Du nouveau : {_titre(row)}",
        pieces=_pieces(row),
        message=message,
        a_confirmer=unconfirmed,
        lien=_link(CONFIRMER if unconfirmed else PERSONNEL, row),
    )


def called_off(row: Inscription, message: str) -> bool:
    return _send(
        row, "inscriptions/evenement-annule", f"Annulé : {_titre(row)}", pieces=_pieces(row, "CANCEL"), message=message
    )


def message(row: Inscription, objet: str, texte: str) -> bool:
    return _send(row, "inscriptions/message", objet, message=texte)


def new_link(row: Inscription) -> bool:
    """Another link to somebody's own page, or to what they have still to do."""
    if row.statut == Inscription.Statut.PROPOSEE:
        return offer(row)
    if _is_to_confirm(row) or (row.statut == Inscription.Statut.EXPIREE and row.confirmee_le is None):
        return to_confirm(row)
    return _send(row, "inscriptions/nouveau-lien", f"Votre lien : {_titre(row)}", lien=_link(PERSONNEL, row))


def _titre(row: Inscription) -> str:
    return _shown(row).titre_affiche


def _pieces(row: Inscription, methode: str = "PUBLISH") -> list[Piece]:
    """The file for calendars, which hold no event without a date."""
    shown = _shown(row)
    return [Piece(ics.file_name(shown), ics.TYPE, ics.calendar(shown, methode=methode))] if shown.debut else []


def personal_token(row: Inscription) -> str:
    """A new token that opens the person's own page until some weeks after the event."""
    return liens.emettre(PERSONNEL, row, duree=_duration(row))


def _link(usage: str, row: Inscription) -> str:
    return liens.adresse(ROUTES[usage], liens.emettre(usage, row, duree=_duration(row)))


def _duration(row: Inscription) -> timedelta:
    end = row.evenement.termine_le
    return max(end - timezone.now() if end else APRES, timedelta(0)) + APRES


def _send(row: Inscription, gabarit: str, objet: str, *, pieces=(), **contexte) -> bool:
    """Put the mail into the outbox; False for a row that no mail can reach: no address, or one kept as typed."""
    if not row.courriel:
        return False
    shown = _shown(row)
    contexte |= {
        # Nothing that was typed goes to an address that nobody has confirmed: the form would relay anything to anyone.
        "prenom": row.prenom[:60] if row.confirmee_le else "",
        "inscription": row,
        "evenement": shown,
        "adresse_evenement": settings.SITE_URL + shown.get_absolute_url(),
        "nouveau_lien": settings.SITE_URL + reverse("inscriptions:lien"),
    }
    try:
        deposer(gabarit, row.courriel, contexte, objet=objet, pieces=pieces, sujet=row)
    except AdresseInvalide:
        logger.warning("Inscription n° %s : adresse inutilisable, courriel « %s » non déposé.", row.pk, gabarit)
        return False
    return True
