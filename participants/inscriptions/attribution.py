"""Who gets a seat: locks the event, ends what has expired, offers free seats to the waiting list in order.

A post does not prove that its author reads the address. So only a share of the seats (settings.PLACES_NON_CONFIRMEES)
is held for unconfirmed addresses. Beyond it a registration holds none: the click that confirms takes a free seat, or a
place in the list. On SQLite the transaction is the lock (IMMEDIATE); on PostgreSQL the row of the event.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import courriels
from participants.inscriptions.models import Inscription
from socle.annuaire.models import inscrire_fiches
from socle.courrier.refus import TropTard
from socle.journal.writing import lot, tell_if_otherwise

TENUE = timedelta(hours=24)  # how long a seat or a place in the list waits for its confirmation
OFFRE = timedelta(hours=48)  # how long an offer holds its seat
ARRET = timedelta(hours=3)  # offers hold no seat this close to the event
OFFRE_MINIMALE = timedelta(hours=1)  # no offer is made that leaves less time to answer

S = Inscription.Statut
_HELD = (S.A_CONFIRMER, S.PROPOSEE)


@lot()
def put_in_order(evenement: Evenement) -> None:
    """Ends what has expired, and offers the free seats."""
    share_out(lock(evenement))


def on_saved(sender, instance: Evenement, raw=False, **kwargs) -> None:
    """Offers new seats to the waiting list. Handler of post_save.

    If the event now lies ahead, ticks of attendance go; `presences_retirees` says how many.
    """
    if raw:
        return
    ticked = Inscription.objects.filter(evenement=instance.pk, presence__isnull=False)
    instance.presences_retirees = 0 if instance.jour_venu else ticked.update(presence=None)
    if Inscription.objects.filter(evenement=instance.pk).waiting().exists():
        put_in_order(instance)


# Inside a lot; its first step locks the event


def lock_all(pks: Iterable[int | None]) -> list[Evenement]:
    """The events of these keys, locked in order, so that no two transactions wait for each other.

    At the end of the lot, the change log gets the events whose pages say something else about seats. Nothing else is
    told: nobody shall see who registers or moves.
    """
    events = list(Evenement.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    for evenement in events:
        tell_if_otherwise(("places", evenement.pk), evenement.places_en_mots, partial(inscrire_fiches, [evenement.pk]))
    return events


def lock(evenement: Evenement) -> Evenement:
    """The event as it is now, locked."""
    (found,) = lock_all([evenement.pk])
    return found


def lock_of(inscription: Inscription) -> Evenement:
    """The event of a row, locked. TropTard if the row has none."""
    if inscription.evenement_id is None:
        raise TropTard("Cette inscription n’est rattachée à aucun événement.")
    (found,) = lock_all([inscription.evenement_id])
    return found


def read(inscription: Inscription, evenement: Evenement) -> Inscription:
    """The row as it is now; its event must be locked. TropTard if it was moved or erased."""
    row = Inscription.objects.filter(pk=inscription.pk, evenement=evenement).first()
    if row is None:
        raise TropTard("Cette inscription n’existe plus.")
    row.evenement = evenement
    return row


def lock_both(inscription: Inscription) -> tuple[Evenement, Inscription]:
    evenement = lock_of(inscription)
    return evenement, read(inscription, evenement)


def share_out(evenement: Evenement) -> bool:
    """Ends what has expired, offers free seats. Returns whether a newcomer can have a seat."""
    expire(evenement)
    free, until = evenement.places_restantes(), offer_end(evenement)
    waiting = evenement.inscriptions.waiting()
    if free == 0:
        return False
    if until is None:  # too near for an offer
        return free is None or not waiting.exists()
    rows = list(waiting[:free])
    for row in rows:
        row.evenement = evenement
        row.statut, row.expire_le = S.PROPOSEE, until
        row.save(update_fields=["statut", "expire_le"])
        courriels.offer(row)
    return free is None or len(rows) < free


def expire(evenement: Evenement) -> None:
    """Ends held seats, offers and unconfirmed places whose time is over."""
    late = evenement.inscriptions.filter(expire_le__lte=timezone.now(), statut__in=(*_HELD, S.EN_ATTENTE))
    for row in late.order_by("pk"):
        offered = row.statut == S.PROPOSEE
        row.evenement = evenement
        row.statut, row.expire_le, row.attente_depuis = S.EXPIREE, None, None
        row.save(update_fields=["statut", "expire_le", "attente_depuis"])
        if offered and not evenement.is_annule:
            courriels.offer_over(row)


def offer_end(evenement: Evenement) -> datetime | None:
    """The end of an offer made now; None if none may be made."""
    if not (evenement.is_publiee and evenement.is_held_here):
        return None
    now = timezone.now()
    until = min(now + OFFRE, evenement.debut - ARRET)
    return until if until >= now + OFFRE_MINIMALE else None


def most_seats_held(capacite: int) -> int:
    """How many of these seats may be held for unconfirmed addresses; at least one."""
    return -(-capacite * settings.PLACES_NON_CONFIRMEES // 100)


def may_hold(evenement: Evenement) -> bool:
    """Whether a free seat would be held for a newcomer. One query."""
    return evenement.capacite is None or seats_held(evenement) < most_seats_held(evenement.capacite)


def seats_held(evenement: Evenement) -> int:
    """The number of seats held for unconfirmed addresses."""
    return evenement.inscriptions.in_seats().filter(statut=S.A_CONFIRMER).count()


def take_seat_or_wait(evenement: Evenement, row: Inscription, *, free: bool) -> None:
    """Holds a seat until the address is confirmed, or a place in the list, which counts from then."""
    now = timezone.now()
    # Held until the event begins; for somebody admitted during the event, until it ends.
    end = evenement.starts_on if evenement.starts_on and evenement.starts_on > now else evenement.termine_le
    row.expire_le = min(now + TENUE, end or now + TENUE)
    if free and may_hold(evenement):
        row.statut = S.A_CONFIRMER
    else:
        row.statut, row.attente_depuis = S.EN_ATTENTE, now
