"""The mails to registrants. Each is a row of the outbox, written in the transaction it tells of."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from participants.evenements import ics
from participants.evenements.dates import instant
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from socle.courrier import liens
from socle.courrier.mailboxes import AdresseInvalide, normalise
from socle.courrier.outbox import FichierAJoindre, apercu, write_to
from socle.vie_privee import conservation

# Each kind of link has one purpose. A mail to confirm shows nothing that was typed, as its address may belong to
# somebody else.
CONFIRMER, PROPOSITION, PERSONNEL = "inscription-confirmer", "inscription-proposition", "inscription"
ROUTES = {
    CONFIRMER: "inscriptions:confirmer",
    PROPOSITION: "inscriptions:proposition",
    PERSONNEL: "inscriptions:personnelle",
}
MESSAGE = "inscriptions/message"
APRES = timedelta(days=30)  # after the event, the link still opens the person's data


def can_reach(row: Inscription) -> bool:
    """Whether mail can reach the person: rows of the old site hold addresses as they were typed."""
    try:
        return bool(row.courriel and normalise(row.courriel))
    except AdresseInvalide:
        return False


def to_confirm(row: Inscription) -> bool:
    """Asks to confirm the address: for the held seat, a free one, or a place in the list."""
    waits = _would_wait(row)
    return _send(
        row,
        "inscriptions/a-confirmer",
        f"{'Liste d’attente' if waits else 'Confirmez votre inscription'} : {_titre(row)}",
        attente=waits,
        gardee=row.statut == Inscription.Statut.A_CONFIRMER,
        delai=instant(row.expire_le) if row.expire_le else "",
        lien=_link(CONFIRMER, row),
    )


def already(row: Inscription) -> bool:
    """The address is registered already: only this mail says so."""
    if row.statut == Inscription.Statut.A_VERIFIER:
        return False
    if _is_to_confirm(row):
        return to_confirm(row)
    return _send(
        row, "inscriptions/deja-inscrite", f"Votre inscription existe déjà : {_titre(row)}", lien=_link(PERSONNEL, row)
    )


def _is_to_confirm(row: Inscription) -> bool:
    """Whether the address is to be confirmed; False for rows of the old site, or typed at the desk."""
    return row.confirmee_le is None and row.statut in (Inscription.Statut.A_CONFIRMER, Inscription.Statut.EN_ATTENTE)


def _would_wait(row: Inscription) -> bool:
    """Whether confirming leads to the waiting list: no seat is held, none is free."""
    return row.statut != Inscription.Statut.A_CONFIRMER and not row.evenement.has_seat_left()


def confirmed(row: Inscription) -> bool:
    """Tells that the seat, or the place in the list, is theirs."""
    if row.statut == Inscription.Statut.EN_ATTENTE:
        objet = f"Vous êtes en liste d’attente : {_titre(row)}"
    else:
        objet = f"Vous êtes inscrit·e : {_titre(row)}"
    return _send(row, "inscriptions/inscrite", objet, pieces=_pieces(row), rang=row.rang, lien=_link(PERSONNEL, row))


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


def cancelled(row: Inscription, avant: str, *, par_equipe: bool = False) -> bool:
    """Tells that the registration is cancelled. `avant`: the state before."""
    return _send(
        row,
        "inscriptions/annulee",
        f"Inscription annulée : {_titre(row)}",
        pieces=_pieces(row, "CANCEL", statut=avant),
        par_equipe=par_equipe,
    )


def refused(row: Inscription, avant: str) -> bool:
    """Tells that the registration is refused. `avant`: the state before."""
    return _send(
        row,
        "inscriptions/refusee",
        f"Votre inscription n’a pas été retenue : {_titre(row)}",
        pieces=_pieces(row, "CANCEL", statut=avant),
    )


def reminder(row: Inscription) -> bool:
    return _send(row, "inscriptions/rappel", f"Rappel : {_titre(row)}", pieces=_pieces(row), lien=_link(PERSONNEL, row))


def what_changed(before: Evenement, after: Evenement) -> str:
    """« de date et de lieu », « d’horaire »: between two versions of an event, or ""."""
    changes = {
        "de date" if _days(before) != _days(after) else "d’horaire": before.quand != after.quand,
        "de lieu": (before.lieu, before.adresse) != (after.lieu, after.adresse),
        "de titre": before.titre_affiche != after.titre_affiche,
    }
    return " et ".join(words for words, changed in changes.items() if changed)


def _days(evenement: Evenement):
    """(first day, last day); None without a date."""
    return evenement.debut and (evenement.jour_debut, timezone.localdate(evenement.fin or evenement.debut))


def moved(row: Inscription, message: str, *, avant: Evenement | None = None) -> bool:
    """Tells where and when the event now is. `avant`: as the person was last told."""
    changement = what_changed(avant, row.evenement) if avant else ""
    return _send(
        row,
        "inscriptions/deplace",
        f"Changement {changement} : {_titre(row)}" if changement else f"Du nouveau : {_titre(row)}",
        pieces=_pieces(row),
        message=message,
        avant=avant,
        changement=changement,
        **_own_link(row),
    )


def called_off(row: Inscription, message: str) -> bool:
    return _send(
        row, "inscriptions/evenement-annule", f"Annulé : {_titre(row)}", pieces=_pieces(row, "CANCEL"), message=message
    )


def message(row: Inscription, objet: str, texte: str) -> bool:
    return _send(row, MESSAGE, f"{objet} : {_titre(row)}", message=texte, **_own_link(row))


def preview(evenement: Evenement, objet: str, texte: str, statut: str) -> tuple[str, str]:
    """(subject, text) for a person in that state. Nothing is sent or kept."""
    now = timezone.now()
    row = Inscription(evenement=evenement, statut=statut, prenom="[prénom]", confirmee_le=now, consentement_le=now)
    link = {"lien": "[lien vers sa page]", "lien_texte": "Voir mon inscription"}
    return f"{objet} : {_titre(row)}", apercu(MESSAGE, _context(row) | link | {"message": texte})


def has_link(row: Inscription) -> bool:
    """Whether `new_link` sends a mail: nothing is to be confirmed for an event that is over or called off."""
    return can_reach(row) and not (_is_over(row) and _never_confirmed(row))


def new_link(row: Inscription) -> bool:
    """Mails a link to the personal page, or to what the person must still do."""
    if not has_link(row):
        return False
    if row.statut == Inscription.Statut.PROPOSEE and not _is_over(row):
        return offer(row)
    if _never_confirmed(row):
        return to_confirm(row)
    return _send(row, "inscriptions/nouveau-lien", f"Votre lien : {_titre(row)}", lien=_link(PERSONNEL, row))


def _is_over(row: Inscription) -> bool:
    return row.evenement.is_annule or row.evenement.is_passe


def _never_confirmed(row: Inscription) -> bool:
    return _is_to_confirm(row) or (row.statut == Inscription.Statut.EXPIREE and row.confirmee_le is None)


def _titre(row: Inscription) -> str:
    return row.evenement.titre_affiche


def _pieces(row: Inscription, methode: str = "PUBLISH", *, statut: str = "") -> list[FichierAJoindre]:
    """The calendar file, for people who have a seat, or had one (`statut`), if the event has a date."""
    shown = row.evenement
    if (statut or row.statut) != Inscription.Statut.INSCRITE or shown.debut is None:
        return []
    return [FichierAJoindre(ics.file_name(shown), ics.TYPE, ics.calendar(shown, methode=methode, le=timezone.now()))]


def personal_token(row: Inscription) -> str:
    """A token that opens the personal page until APRES after the event."""
    return liens.issue(PERSONNEL, row, duree=_duration(row))


def _link(usage: str, row: Inscription) -> str:
    return liens.adresse(ROUTES[usage], liens.issue(usage, row, duree=_duration(row)))


def _own_link(row: Inscription) -> dict:
    """The link to the personal page or, for an unconfirmed address, to the page that confirms it."""
    if _is_to_confirm(row):
        waits = _would_wait(row)
        words = "Entrer dans la liste d’attente" if waits else "Confirmer mon inscription"
        todo = "Votre place dans la liste d’attente" if waits else "Votre inscription"
        return {"lien": _link(CONFIRMER, row), "lien_texte": words, "a_confirmer": todo}
    return {"lien": _link(PERSONNEL, row), "lien_texte": "Voir mon inscription", "a_confirmer": ""}


def _duration(row: Inscription) -> timedelta:
    end = row.evenement.termine_le
    return max(end - timezone.now() if end else APRES, timedelta(0)) + APRES


def _send(row: Inscription, gabarit: str, objet: str, *, pieces=(), **contexte) -> bool:
    contexte |= {"fichier": bool(pieces)}
    return write_to(row, gabarit, _context(row) | contexte, objet=objet, pieces=pieces)


def _context(row: Inscription) -> dict:
    shown = row.evenement
    # A person registered by somebody else has not read what becomes of their data.
    by_hand = row.consentement_le is None and row.cle is None
    return {
        # Nothing typed goes to an unconfirmed address, or the form would send any text to anybody.
        "nom": row.prenom[:60] if row.confirmee_le else "",
        "inscription": row,
        "evenement": shown,
        "adresse_evenement": settings.SITE_URL + shown.get_absolute_url(),
        "nouveau_lien": settings.SITE_URL + reverse("inscriptions:lien"),
        "gardees": conservation.for_rows_of(Inscription).duree if by_hand else "",
        "donnees_personnelles": settings.SITE_URL + reverse("pages:donnees-personnelles"),
    }
