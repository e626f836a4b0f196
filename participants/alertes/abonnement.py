"""Asking to be told, confirming it, and what a person does with it afterwards. Each is one transaction."""

from django.db import transaction
from django.utils import timezone

from participants.alertes import courriels, notices
from participants.alertes.listes import ListeSuivie
from participants.alertes.models import Alerte, periode
from socle.courrier.adresses import address_key
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes

ARRETEE = "alerte-arretee"  # what a restored backup has to do again
PLUS_LA = "Cette liste, ou un de ses critères, n’existe plus : elle ne peut pas être suivie."


@transaction.atomic
def ask(liste: ListeSuivie, courriel: str, rythme: str) -> None:
    """Keep what is asked until it is confirmed from its mail. Of who follows that list already, nothing changes.

    Anybody may have typed the address: what is particular goes by mail.
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
    """The address is the person's: from now on they are told. Twice is once. TropTard if there is nothing to follow."""
    liste = _whole(alerte)
    with transaction.atomic():
        row = alerte.locked()
        if row.etat == Alerte.Etat.A_CONFIRMER:
            row.confirmee_le = timezone.now()
            _begin(row, liste)
            courriels.prolong(row)


def resume(alerte: Alerte) -> None:
    """Tell again, of what comes from now on. TropTard if there is nothing to follow."""
    liste = _whole(alerte)
    with transaction.atomic():
        row = alerte.locked()
        if row.etat in (Alerte.Etat.EN_PAUSE, Alerte.Etat.SUSPENDUE):
            _begin(row, liste)


def _whole(alerte: Alerte) -> ListeSuivie | None:
    """What it follows, read with what came to it: None if that is no more."""
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
    """From the next day, or week, on; saying the same again is a sign too."""
    row = alerte.locked()
    row.rythme, row.periode, row.signe_le = rythme, periode(rythme), timezone.now()
    row.save(update_fields=["rythme", "periode", "signe_le"])


def stop(alerte: Alerte) -> None:
    """Erase it, with the mails that it made; nothing to do if it is gone already."""
    gestes.do(ARRETEE, alerte)
