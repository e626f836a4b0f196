"""Mails to the team about waiting work: at once for new work, each morning for what still waits.

A run puts at most one mail per person into the outbox. It is written when it leaves, without work done meanwhile; an
empty one does not leave.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from socle.comptes.models import PreferenceDeCourriel, Utilisateur
from socle.comptes.travaux import Quand, SorteDeTravail, chosen, offered
from socle.courrier.composition import CourrielEcrit, goes_to
from socle.courrier.mailboxes import AdresseInvalide
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import deposit_late
from socle.francais.wording import et, pluriel

NOUVEAU, DU_JOUR = "travail-nouveau", "travail-du-jour"  # names of the kinds of mail
ECART = timedelta(minutes=10)  # between two mails about new work, so that one mail tells of several rows
MONTREES = 10  # rows of a kind that a mail links to; the list at the desk has the others

logger = logging.getLogger(__name__)


@dataclass
class BilanDePrevenus:
    """The result of a run. `injoignables`: accounts whose address cannot take mail."""

    prevenues: int = 0
    injoignables: tuple[str, ...] = ()
    echecs: int = 0


def tell_new() -> BilanDePrevenus:
    """Tells those who want it at once of new work."""
    wanted = PreferenceDeCourriel.objects.filter(quand=Quand.AUSSITOT)
    return _each(_staff().filter(preferences__in=wanted).distinct(), _tell_new)


def tell_waiting() -> BilanDePrevenus:
    """Tells the others, once a day, of waiting work."""
    return _each(_staff(), _tell_waiting)


def _staff() -> QuerySet[Utilisateur]:
    """The accounts that may get mail: open, with an address and a chosen password.

    An unanswered invitation may have gone to a stranger.
    """
    rows = Utilisateur.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return rows.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")


def _each(users: QuerySet[Utilisateur], tell: Callable[[Utilisateur], bool]) -> BilanDePrevenus:
    """Tells these persons. One failure does not stop the others; the next run tries again."""
    bilan = BilanDePrevenus()
    for user in users:
        try:
            bilan.prevenues += tell(user)
        except AdresseInvalide:
            bilan.injoignables += (user.get_username(),)
        except Exception:
            logger.exception("Compte n° %s : il n’a pas pu être prévenu.", user.pk)
            bilan.echecs += 1
    return bilan


# New work


def _tell_new(user: Utilisateur) -> bool:
    """Returns whether a mail tells of new work. Writes nothing if nothing changed."""
    if not _changed(user):
        return False
    with transaction.atomic():
        if not _staff().select_for_update().filter(pk=user.pk).exists():
            return False
        changed = _changed(user)
        fresh = {row.travail: new for row, keys in changed if (new := _fresh(user, row, keys))}
        if fresh and not _put(user, fresh):
            return False  # nothing is noted: the next run tells it, with whatever comes until then
        for row, keys in changed:
            row.connues = sorted(keys)
            row.save(update_fields=["connues"])
    return bool(fresh)


def _fresh(user: Utilisateur, row: PreferenceDeCourriel, keys: set[int]) -> list[int]:
    """The keys that this person was not told of, and did not bring."""
    new = keys - {*row.connues}
    sorte = next(one for one in offered(user) if one.cle == row.travail)
    return sorted(new - sorte.siennes(user, new)) if new else []


def _changed(user: Utilisateur) -> list[tuple[PreferenceDeCourriel, set[int]]]:
    """(preference, keys of what waits) for kinds told at once in which something came or went."""
    sortes = {sorte.cle: sorte for sorte in offered(user)}
    rows = PreferenceDeCourriel.objects.filter(utilisateur=user, quand=Quand.AUSSITOT, travail__in=sortes)
    return [(row, keys) for row in rows if (keys := sortes[row.travail].keys(user)) != {*row.connues}]


def _put(user: Utilisateur, fresh: dict[str, list[int]]) -> bool:
    """Adds the new work to the mail that has not left, or to a new one; False if one has just left."""
    mine = _mails(user, NOUVEAU)
    still = Q(etat__in=(Etat.EN_FILE, Etat.A_REESSAYER))
    if waiting := mine.filter(still).first():
        told = {cle: sorted({*waiting.donnees.get(cle, ()), *fresh.get(cle, ())}) for cle in waiting.donnees | fresh}
        return bool(mine.filter(still, pk=waiting.pk).update(donnees=told))  # unless it is just being sent
    if mine.filter(Q(etat=Etat.EN_COURS) | Q(cree_le__gt=timezone.now() - ECART)).exists():
        return False
    deposit_late(NOUVEAU, user.email, objet="Ce qui vient d’arriver", sujet=user, donnees=fresh)
    return True


def write_new(courriel: Courriel) -> CourrielEcrit | None:
    return _write(courriel, Quand.AUSSITOT, courriel.donnees)


# Waiting work


def _tell_waiting(user: Utilisateur) -> bool:
    """Deposits the mail of the day; False if nothing waits, or one has still to leave."""
    asked = [sorte for sorte in _of(user, Quand.JOUR) if sorte.lignes(user).exists()]
    if not asked or _mails(user, DU_JOUR).waiting().exists():
        return False
    cle = f"{DU_JOUR} {user.pk} {timezone.localdate()}"
    if Courriel.objects.filter(cle=cle).exists():
        return False
    deposit_late(DU_JOUR, user.email, objet="Ce qui attend", sujet=user, cle=cle)
    return True


def write_waiting(courriel: Courriel) -> CourrielEcrit | None:
    return _write(courriel, Quand.JOUR)


# For both kinds of mail


def _of(user: Utilisateur, quand: Quand) -> list[SorteDeTravail]:
    """The kinds of work of which this person is told then."""
    choices = chosen(user)
    return [sorte for sorte in offered(user) if choices[sorte.cle] == quand]


def _mails(user: Utilisateur, ecrit_par: str):
    sujet = {"sujet_type": ContentType.objects.get_for_model(user), "sujet_id": user.pk}
    return Courriel.objects.filter(composition=ecrit_par, **sujet)


def _write(courriel: Courriel, quand: Quand, only: dict[str, list[int]] | None = None) -> CourrielEcrit | None:
    """Writes a mail on the work that waits for a person, `only` on these keys; None if there is none."""
    user = courriel.sujet
    if user is None or not (user.is_active and user.is_staff and goes_to(courriel, user.email)):
        return None
    parts = []
    for sorte in _of(user, quand):
        rows = sorte.lignes(user)
        if only is not None:
            rows = rows.filter(pk__in=only.get(sorte.cle, ()))
        if count := rows.order_by().count():
            parts.append(_part(sorte, rows, count))
    if not parts:
        return None
    said = et([part["dit"] for part in parts])
    context = {
        "nom": user.nom_affiche,
        "nouveau": quand == Quand.AUSSITOT,
        "parties": parts,
        "compte": f"{settings.SITE_URL}{reverse('comptes:compte')}#courriels",
    }
    return CourrielEcrit(f"LabAccès\N{NO-BREAK SPACE}: {said}", "travail", context)


def _part(sorte: SorteDeTravail, rows: QuerySet, count: int) -> dict:
    links = [(sorte.nomme(row), settings.SITE_URL + sorte.page(row)) for row in rows[:MONTREES]]
    return {
        "dit": pluriel(count, sorte.un, sorte.plusieurs),
        "liens": links,
        "autres": count - len(links),
        "liste": settings.SITE_URL + sorte.liste(),
    }
