"""Seats: each change of state of a registration, in one transaction that first locks the event.

After each of them this holds: no more people hold seats of the capacity than there are; free seats go to the waiting
list in order, as offers for a time; whoever leaves a state is told. Registrations that the staff add beyond the
capacity, with a reason, hold none of its seats.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from django.db.models import Q
from django.utils import timezone

from participants.evenements.models import Evenement, Question
from participants.inscriptions import courriels
from participants.inscriptions.attribution import (
    lock,
    lock_all,
    lock_both,
    lock_of,
    read,
    share_out,
    take_seat_or_wait,
)
from participants.inscriptions.models import BesoinAcces, Inscription, Reponse
from participants.signals import inscriptions_rattachees
from socle.courrier.mailboxes import address_key
from socle.courrier.refus import TropTard
from socle.journal.writing import lot

S = Inscription.Statut


class DejaInscrite(TropTard):
    """The address has another living registration for this event."""


class Complet(TropTard):
    """No seat is free, and no reason for one more was given."""


@dataclass(frozen=True)
class DemandeDInscription:
    """What somebody typed. `reponses`: (question, text)."""

    champs: dict
    besoin: str = ""
    reponses: list[tuple[Question, str]] = field(default_factory=list)


# By people


@lot()
def register(evenement: Evenement, demande: DemandeDInscription, *, doute: str = "") -> Inscription:
    """Holds a seat if possible, or a place in the list, until the address is confirmed.

    Returns the living registration if the address has one: a mail says so, the page does not. `doute`: the staff look
    first, nothing is held, no mail leaves. Raises TropTard.
    """
    evenement = lock(evenement)
    if not (evenement.is_publiee and evenement.inscription_possible):
        raise TropTard("Les inscriptions à cette rencontre sont closes.")
    free = share_out(evenement)
    known = _living(evenement, demande.champs["courriel"])
    if known and known.statut == S.A_VERIFIER and not doute:
        known.delete()  # whoever misused the address must not keep its owner from registering
    elif known:
        if not doute:
            courriels.already(known)
        return known
    row = Inscription(evenement=evenement, doute=doute[:300], **demande.champs)
    if doute:
        row.statut = S.A_VERIFIER
    else:
        take_seat_or_wait(evenement, row, free=free)
    row.save()
    _keep_beside(row, demande)
    if not doute:
        courriels.to_confirm(row)
    return row


@lot()
def confirm(inscription: Inscription) -> Inscription:
    """Notes that the seat, or the place in the list, is theirs. A second call changes nothing. Raises TropTard.

    Whoever confirms too late gets a free seat, or the end of the list.
    """
    evenement = lock_of(inscription)
    free, row = share_out(evenement), read(inscription, evenement)
    if row.statut == S.INSCRITE or (row.statut == S.EN_ATTENTE and row.confirmee_le):
        return row
    _refuse_if_over(evenement)
    if row.statut == S.PROPOSEE:
        raise TropTard("Une place vous est proposée : ouvrez le lien de ce courriel-là.")
    if row.statut == S.EXPIREE:
        _refuse_if_known(row)
        if not evenement.inscription_possible:
            raise TropTard("Le délai est passé et les inscriptions sont closes.")
        row.attente_depuis = None
    elif row.statut not in (S.A_CONFIRMER, S.EN_ATTENTE):
        raise TropTard("Cette inscription a été annulée : vous pouvez en faire une nouvelle.")
    row.confirmee_le = timezone.now()
    row.expire_le = None
    if row.statut == S.A_CONFIRMER or free:
        row.statut, row.attente_depuis = S.INSCRITE, None
    else:
        row.statut, row.attente_depuis = S.EN_ATTENTE, row.attente_depuis or timezone.now()
    row.save()
    courriels.confirmed(row)
    return row


@lot()
def accept(inscription: Inscription) -> Inscription:
    """Takes the offered seat. A second call changes nothing. TropTard once the offer is over."""
    evenement = lock_of(inscription)
    share_out(evenement)
    row = read(inscription, evenement)
    if row.statut == S.INSCRITE:
        return row
    _refuse_if_over(evenement)
    if row.statut != S.PROPOSEE:
        raise TropTard("Cette proposition n’est plus valable : la place a été proposée à la personne suivante.")
    row.statut, row.expire_le, row.attente_depuis = S.INSCRITE, None, None
    row.save()
    courriels.confirmed(row)
    return row


def cancel(inscription: Inscription, *, par_equipe: bool = False) -> Inscription:
    """Gives up a seat, an offer or a place in the list.

    A freed seat goes to the list. A second call changes nothing.
    """
    return _leave(inscription, S.ANNULEE, partial(courriels.cancelled, par_equipe=par_equipe))


@lot()
def correct(inscription: Inscription, champs: dict, besoin: str, reponses: list[tuple[Question, str]]) -> Inscription:
    """Saves corrected answers, but neither address nor state. TropTard once the event is over."""
    evenement, row = lock_both(inscription)
    _refuse_if_over(evenement)
    if not row.is_vivante:
        raise TropTard("Cette inscription a été annulée : vous pouvez en faire une nouvelle.")
    for name, value in champs.items():
        setattr(row, name, value)
    row.save(update_fields=list(champs))
    BesoinAcces.objects.filter(inscription=row).delete()
    kept = [question.pk for question, _ in reponses]
    row.reponses.filter(question__in=kept).delete()
    _keep_beside(row, DemandeDInscription({}, besoin, reponses))
    return row


# By the staff


@lot()
def add(evenement: Evenement, demande: DemandeDInscription, *, motif: str = "") -> Inscription:
    """Registers somebody by hand; beyond the capacity only with a reason. Raises DejaInscrite, Complet, TropTard."""
    evenement = lock(evenement)
    if evenement.is_annule:
        raise TropTard("Cet événement est annulé : personne ne s’y inscrit plus.")
    free = share_out(evenement)
    if demande.champs.get("courriel") and _living(evenement, demande.champs["courriel"]):
        raise DejaInscrite("Cette adresse est déjà inscrite à cet événement.")
    if not free and not motif.strip():
        raise Complet("L’événement est complet : donnez la raison d’une place en plus.")
    row = Inscription(evenement=evenement, statut=S.INSCRITE, confirmee_le=timezone.now(), **demande.champs)
    row.motif_surnombre = "" if free else motif.strip()[:200]
    row.save()
    _keep_beside(row, demande)
    courriels.confirmed(row)
    return row


@lot()
def admit(inscription: Inscription) -> Inscription:
    """Accepts a doubtful post: it takes a seat or a place in the list. A second call changes nothing."""
    evenement, row = lock_both(inscription)
    if row.statut != S.A_VERIFIER:
        return row
    _refuse_if_over(evenement)
    take_seat_or_wait(evenement, row, free=share_out(evenement))
    row.doute = ""
    row.save()
    courriels.to_confirm(row)
    return row


@lot()
def tick(inscription: Inscription, presence: bool | None) -> None:
    """Notes who came, from the day of the event on; None removes the tick. TropTard before that day."""
    evenement, row = lock_both(inscription)
    if presence is not None and not (evenement.jour_venu and not evenement.is_annule):
        raise TropTard("Les présences se cochent à partir du jour de l’événement.")
    Inscription.objects.filter(pk=row.pk).update(presence=presence)


def refuse(inscription: Inscription) -> Inscription:
    """Refuses a registration; a doubtful one gets no mail. A second call changes nothing."""
    return _leave(inscription, S.REFUSEE, courriels.refused)


@lot()
def _leave(inscription: Inscription, statut: str, tell) -> Inscription:
    evenement, row = lock_both(inscription)
    if not row.is_vivante:
        return row
    BesoinAcces.objects.filter(inscription=row).delete()  # no longer needed
    before = row.statut
    row.statut, row.expire_le, row.attente_depuis, row.motif_surnombre = statut, None, None, ""
    row.save()
    if before != S.A_VERIFIER:
        tell(row, before)
    share_out(evenement)
    return row


@lot()
def attach(evenement: Evenement, pks: list[int], *, deplace: bool = False, user=None) -> list[int]:
    """Ties registrations without an event; returns their keys. Beyond the capacity they hold no seat of it.

    `deplace`: also from other events. A row stays if its address has a living registration here.
    """
    rows = Inscription.objects.filter(pk__in=pks).order_by("cree_le", "pk")
    left = {*rows.order_by().values_list("evenement", flat=True)} - {None, evenement.pk} if deplace else set()
    locked = {row.pk: row for row in lock_all({*left, evenement.pk})}
    evenement = locked[evenement.pk]
    tied = []
    for row in rows.select_for_update().filter(Q(evenement=None) | Q(evenement__in=left)):
        if row.cle is None and row.is_vivante and row.courriel and _living(evenement, row.courriel):
            continue
        row.evenement, row.motif_surnombre = evenement, ""
        if row.statut in (S.A_CONFIRMER, S.INSCRITE, S.PROPOSEE) and not evenement.has_seat_left():
            row.motif_surnombre = "rattachée par l’équipe"
        row.save(update_fields=["evenement", "motif_surnombre"])
        tied.append(row.pk)
    for event in locked.values():
        share_out(event)
    inscriptions_rattachees.send(Inscription, pks=tied, user=user)
    return tied


@lot()
def erase(rows: Iterable[Inscription]) -> None:
    """Erases registrations; their seats go to the waiting list."""
    rows = list(rows)
    events = lock_all({row.evenement_id for row in rows})
    for row in rows:
        row.delete()
    for evenement in events:
        share_out(evenement)


# Inside a transaction that has locked the event


def _living(evenement: Evenement, courriel: str) -> Inscription | None:
    return evenement.inscriptions.living().filter(courriel_cle=address_key(courriel)).first()


def _refuse_if_known(row: Inscription) -> None:
    if row.courriel and _living(row.evenement, row.courriel):
        raise DejaInscrite("Vous avez une autre inscription à cette rencontre : elle compte.")


def _refuse_if_over(evenement: Evenement) -> None:
    if evenement.is_annule:
        raise TropTard("Cette rencontre est annulée.")
    if evenement.is_passe:
        raise TropTard("Cette rencontre a eu lieu.")


def _keep_beside(row: Inscription, demande: DemandeDInscription) -> None:
    if demande.besoin.strip():
        BesoinAcces.objects.create(inscription=row, texte=demande.besoin)
    Reponse.objects.bulk_create(
        Reponse(inscription=row, question=question, libelle=question.libelle, texte=texte)
        for question, texte in demande.reponses
        if texte
    )
