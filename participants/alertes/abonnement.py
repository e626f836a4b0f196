"""Alerts: asked for, confirmed, changed. Each function is one transaction."""

from django.db import transaction
from django.utils import timezone

from participants.alertes import courriels, notices
from participants.alertes.followed_lists import ListeSuivie
from participants.alertes.models import Alerte, periode
from socle.courrier.mailboxes import address_key
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes

ARRETEE = "alerte-arretee"  # the gesture that a restored copy repeats
PLUS_LA = "Cette liste, ou un de ses critères, n’existe plus : elle ne peut pas être suivie."


@transaction.atomic
def ask(liste: ListeSuivie, courriel: str, rythme: str) -> None:
    """Keeps what was asked until its mail confirms it. Changes nothing if the list is followed already.

    Anybody may have typed the address, so particulars go by mail.
    """
    same = {"courriel_cle": address_key(courriel), "type": liste.type, "criteres": liste.criteres}
    said = {
        "courriel": courriel,
        "mots": liste.mots,
        "rythme": rythme,
        "cree_le": timezone.now(),
        **consentement.preuve(notices.USAGE),
    }
    row, created = Alerte.objects.select_for_update().get_or_create(**same, defaults=said)
    if row.etat != Alerte.Etat.A_CONFIRMER:
        courriels.already(row)
        return
    if not created:
        for name, value in said.items():
            setattr(row, name, value)
        row.save(update_fields=said)
    courriels.to_confirm(row)


def confirm(alerte: Alerte) -> None:
    """Starts the alert; a second call changes nothing. TropTard if its list is gone."""
    liste = _whole(alerte)
    with transaction.atomic():
        row = alerte.locked()
        if row.etat == Alerte.Etat.A_CONFIRMER:
            row.confirmee_le = timezone.now()
            _begin(row, liste)
            courriels.prolong(row)


def resume(alerte: Alerte) -> None:
    """Starts again, for news from now on. TropTard if the list is gone."""
    liste = _whole(alerte)
    with transaction.atomic():
        row = alerte.locked()
        if row.etat in (Alerte.Etat.EN_PAUSE, Alerte.Etat.SUSPENDUE):
            _begin(row, liste)


def _whole(alerte: Alerte) -> ListeSuivie | None:
    """The followed list, read with its news; None if it is gone."""
    if liste := ListeSuivie.whole(alerte.type, alerte.criteres):
        liste.came(alerte.vu)
    return liste


def _begin(row: Alerte, liste: ListeSuivie | None) -> None:
    if liste is None:
        raise TropTard(PLUS_LA)
    row.etat, row.signe_le = Alerte.Etat.ACTIVE, timezone.now()
    row.learn(liste.numero, liste.came(row.vu), liste.all, liste.lacking)
    row.save()


@transaction.atomic
def pause(alerte: Alerte) -> None:
    row = alerte.locked()
    if row.etat == Alerte.Etat.ACTIVE:
        row.etat, row.signe_le = Alerte.Etat.EN_PAUSE, timezone.now()
        row.save(update_fields=["etat", "signe_le"])


@transaction.atomic
def change_rhythm(alerte: Alerte, rythme: str) -> None:
    """Sets the rhythm, from the next day or week on. The same choice again still counts as a sign of life."""
    row = alerte.locked()
    row.rythme, row.periode, row.signe_le = rythme, periode(rythme), timezone.now()
    row.save(update_fields=["rythme", "periode", "signe_le"])


def stop(alerte: Alerte) -> None:
    """Erases the alert with its mails, if it is still there."""
    gestes.do(ARRETEE, alerte)
