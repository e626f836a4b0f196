"""Mails to the team on what waits for its decision: what has just come, and each morning what waits still.

The runs look whether there is something to tell, and put one mail a person into the outbox. What it says is written
when it leaves: what was settled meanwhile is not told, and a mail with nothing left does not leave.
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
from socle.courrier.adresses import AdresseInvalide
from socle.courrier.composition import CourrielEcrit, goes_to
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import deposit_late
from socle.francais.mots import et, pluriel

NOUVEAU, DU_JOUR = "travail-nouveau", "travail-du-jour"  # what writes the mails of each run
ECART = timedelta(minutes=10)  # between two mails on what has just come: what comes meanwhile is told in one
MONTREES = 10  # rows of a kind that a mail leads to; its list has the others

logger = logging.getLogger(__name__)


@dataclass
class BilanDePrevenus:
    """How many persons a run has told, whose address no mail can go to, and how many it could not look at."""

    prevenues: int = 0
    injoignables: tuple[str, ...] = ()
    echecs: int = 0


def tell_new() -> BilanDePrevenus:
    """Tell those who want it at once of what has come since they were last told."""
    wanted = PreferenceDeCourriel.objects.filter(quand=Quand.AUSSITOT)
    return _each(_staff().filter(preferences__in=wanted).distinct(), _tell_new)


def tell_waiting() -> BilanDePrevenus:
    """Tell the others of what waits, once a day."""
    return _each(_staff(), _tell_waiting)


def _staff() -> QuerySet[Utilisateur]:
    """The accounts that may be told: open, with an address, of a person who has come: an invitation that nobody answers
    may have gone to a stranger."""
    rows = Utilisateur.objects.filter(is_active=True, is_staff=True).exclude(email="")
    return rows.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")


def _each(users: QuerySet[Utilisateur], tell: Callable[[Utilisateur], bool]) -> BilanDePrevenus:
    """Tell these persons, one by one: whom it fails for is told by the next run, and the others by this one."""
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


# What has just come


def _tell_new(user: Utilisateur) -> bool:
    """Whether a mail tells this person of something new. Nothing is written where nothing has changed."""
    if not _changed(user):
        return False
    with transaction.atomic():
        if not _staff().select_for_update().filter(pk=user.pk).exists():
            return False
        changed = _changed(user)
        fresh = {row.travail: new for row, keys in changed if (new := _fresh(user, row, keys))}
        if fresh and not _put(user, fresh):
            return False  # nothing is learnt: the next run tells it, with what comes until then
        for row, keys in changed:
            row.connues = sorted(keys)
            row.save(update_fields=["connues"])
    return bool(fresh)


def _fresh(user: Utilisateur, row: PreferenceDeCourriel, keys: set[int]) -> list[int]:
    """Of these keys of a kind, those that this person has not been told of, and did not bring."""
    new = keys - {*row.connues}
    sorte = next(one for one in offered(user) if one.cle == row.travail)
    return sorted(new - sorte.siennes(user, new)) if new else []


def _changed(user: Utilisateur) -> list[tuple[PreferenceDeCourriel, set[int]]]:
    """(choice, keys of what waits now) of the kinds that this person wants at once and where something came or went."""
    sortes = {sorte.cle: sorte for sorte in offered(user)}
    rows = PreferenceDeCourriel.objects.filter(utilisateur=user, quand=Quand.AUSSITOT, travail__in=sortes)
    return [(row, keys) for row in rows if (keys := sortes[row.travail].keys(user)) != {*row.connues}]


def _put(user: Utilisateur, fresh: dict[str, list[int]]) -> bool:
    """Have a mail tell of it: the one that has still to leave, else a new one, unless one has just left."""
    mine = _mails(user, NOUVEAU)
    still = Q(etat__in=(Etat.EN_FILE, Etat.A_REESSAYER))
    if waiting := mine.filter(still).first():
        told = {cle: sorted({*waiting.donnees.get(cle, ()), *fresh.get(cle, ())}) for cle in waiting.donnees | fresh}
        return bool(mine.filter(still, pk=waiting.pk).update(donnees=told))  # unless a sender has just taken it
    if mine.filter(Q(etat=Etat.EN_COURS) | Q(cree_le__gt=timezone.now() - ECART)).exists():
        return False
    deposit_late(NOUVEAU, user.email, objet="Ce qui vient d’arriver", sujet=user, donnees=fresh)
    return True


def write_new(courriel: Courriel) -> CourrielEcrit | None:
    """The mail on what has just come, of what of it waits still."""
    return _write(courriel, Quand.AUSSITOT, courriel.donnees)


# What waits


def _tell_waiting(user: Utilisateur) -> bool:
    """Whether a mail tells this person today of what waits; one that has still to leave will tell it."""
    asked = [sorte for sorte in _of(user, Quand.JOUR) if sorte.lignes(user).exists()]
    if not asked or _mails(user, DU_JOUR).waiting().exists():
        return False
    cle = f"{DU_JOUR} {user.pk} {timezone.localdate()}"
    if Courriel.objects.filter(cle=cle).exists():
        return False
    deposit_late(DU_JOUR, user.email, objet="Ce qui attend", sujet=user, cle=cle)
    return True


def write_waiting(courriel: Courriel) -> CourrielEcrit | None:
    """The mail of the day, on what waits when it leaves."""
    return _write(courriel, Quand.JOUR)


# Both


def _of(user: Utilisateur, quand: Quand) -> list[SorteDeTravail]:
    """The kinds of which this person is told then."""
    choices = chosen(user)
    return [sorte for sorte in offered(user) if choices[sorte.cle] == quand]


def _mails(user: Utilisateur, ecrit_par: str):
    """Those of a run that this person got, or will get."""
    sujet = {"sujet_type": ContentType.objects.get_for_model(user), "sujet_id": user.pk}
    return Courriel.objects.filter(composition=ecrit_par, **sujet)


def _write(courriel: Courriel, quand: Quand, only: dict[str, list[int]] | None = None) -> CourrielEcrit | None:
    """One mail on all that waits for a person, `only` these keys if they are given; None if nothing does."""
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
    """What a mail says of one kind."""
    links = [(sorte.nomme(row), settings.SITE_URL + sorte.page(row)) for row in rows[:MONTREES]]
    return {
        "dit": pluriel(count, sorte.un, sorte.plusieurs),
        "liens": links,
        "autres": count - len(links),
        "liste": settings.SITE_URL + sorte.liste(),
    }
