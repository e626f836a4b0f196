"""Who gets a seat: the locked event, what the clock ends, what is free and goes to the waiting list in its order.

Whoever posts shows no address that they read: a share of the seats alone is held for addresses that nobody has
confirmed (settings.PLACES_NON_CONFIRMEES). Beyond it a registration holds none; the click that confirms takes one that
is left, or a place in the waiting list.

On SQLite the transaction itself is the lock (IMMEDIATE); on PostgreSQL the row of the event is.
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

TENUE = timedelta(hours=24)  # how long a seat, or a place in the list, waits for its confirmation
OFFRE = timedelta(hours=48)  # how long an offer holds its seat
ARRET = timedelta(hours=3)  # no offer holds a seat this close to the event
OFFRE_MINIMALE = timedelta(hours=1)  # nor is one made that leaves less time than this to answer

S = Inscription.Statut
_HELD = (S.A_CONFIRMER, S.PROPOSEE)


@lot()
def put_in_order(evenement: Evenement) -> None:
    """End what has expired, offer what is free."""
    share_out(lock(evenement))


def on_saved(sender, instance: Evenement, raw=False, **kwargs) -> None:
    """An event was saved, maybe with more seats: they go to its waiting list. Handler of post_save.

    Moved to a day to come, it has had nobody yet: ticks of another day go, and `presences_retirees` says how many.
    """
    if raw:
        return
    ticked = Inscription.objects.filter(evenement=instance.pk, presence__isnull=False)
    instance.presences_retirees = 0 if instance.jour_venu else ticked.update(presence=None)
    if Inscription.objects.filter(evenement=instance.pk).waiting().exists():
        put_in_order(instance)


# Inside a lot: its first step locks the event


def lock_all(pks: Iterable[int | None]) -> list[Evenement]:
    """The events of these keys, locked in their order: two transactions never wait for each other.

    At the end of the lot the change log is told of those whose page then says something else of seats, and of no other
    act: who registers, or moves, is nobody else's business.
    """
    events = list(Evenement.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    for evenement in events:
        tell_if_otherwise(("places", evenement.pk), evenement.places_en_mots, partial(inscrire_fiches, [evenement.pk]))
    return events


def lock(evenement: Evenement) -> Evenement:
    """The event as it is now, locked, with what mails may say of it."""
    (found,) = lock_all([evenement.pk])
    return found


def lock_of(inscription: Inscription) -> Evenement:
    """The event of a row."""
    if inscription.evenement_id is None:
        raise TropTard("Cette inscription n’est rattachée à aucun événement.")
    (found,) = lock_all([inscription.evenement_id])
    return found


def read(inscription: Inscription, evenement: Evenement) -> Inscription:
    """The row as it is now, its event being locked. One that was moved to another event meanwhile is refused."""
    row = Inscription.objects.filter(pk=inscription.pk, evenement=evenement).first()
    if row is None:
        raise TropTard("Cette inscription n’existe plus.")
    row.evenement = evenement
    return row


def lock_both(inscription: Inscription) -> tuple[Evenement, Inscription]:
    evenement = lock_of(inscription)
    return evenement, read(inscription, evenement)


def share_out(evenement: Evenement) -> bool:
    """End what has expired, offer what is free; whether a seat is then left for somebody who comes now."""
    expire(evenement)
    free, until = evenement.places_restantes(), offer_end(evenement)
    waiting = evenement.inscriptions.waiting()
    if free == 0:
        return False
    if until is None:  # it is too near for an offer
        return free is None or not waiting.exists()
    rows = list(waiting[:free])
    for row in rows:
        row.evenement = evenement
        row.statut, row.expire_le = S.PROPOSEE, until
        row.save(update_fields=["statut", "expire_le"])
        courriels.offer(row)
    return free is None or len(rows) < free


def expire(evenement: Evenement) -> None:
    """End the holds, offers and unconfirmed places of the list whose time is over."""
    late = evenement.inscriptions.filter(expire_le__lte=timezone.now(), statut__in=(*_HELD, S.EN_ATTENTE))
    for row in late.order_by("pk"):
        offered = row.statut == S.PROPOSEE
        row.evenement = evenement
        row.statut, row.expire_le, row.attente_depuis = S.EXPIREE, None, None
        row.save(update_fields=["statut", "expire_le", "attente_depuis"])
        if offered and not evenement.is_annule:
            courriels.offer_over(row)


def offer_end(evenement: Evenement) -> datetime | None:
    """When an offer made now would end; None if none is made."""
    if not (evenement.is_publiee and evenement.is_held_here):
        return None
    now = timezone.now()
    until = min(now + OFFRE, evenement.debut - ARRET)
    return until if until >= now + OFFRE_MINIMALE else None


def most_held(capacite: int) -> int:
    """How many seats of so many may be held for addresses that nobody has confirmed; one at least."""
    return -(-capacite * settings.PLACES_NON_CONFIRMEES // 100)


def may_hold(evenement: Evenement) -> bool:
    """Whether a free seat would be held for somebody who comes now, until they confirm their address. One query."""
    return evenement.capacite is None or held(evenement) < most_held(evenement.capacite)


def held(evenement: Evenement) -> int:
    """Seats that are held for addresses that nobody has confirmed."""
    return evenement.inscriptions.in_seats().filter(statut=S.A_CONFIRMER).count()


def take_seat_or_wait(evenement: Evenement, row: Inscription, *, free: bool) -> None:
    """Hold a seat for somebody whose address is to be confirmed, or a place in the list that counts once it is."""
    now = timezone.now()
    # Until it begins; somebody admitted during the event has until its end.
    end = evenement.starts_on if evenement.starts_on and evenement.starts_on > now else evenement.termine_le
    row.expire_le = min(now + TENUE, end or now + TENUE)
    if free and may_hold(evenement):
        row.statut = S.A_CONFIRMER
    else:
        row.statut, row.attente_depuis = S.EN_ATTENTE, now
