"""The way of a contribution: sent, confirmed from a mail, talked about, decided; answered and withdrawn by its author.

Each function is one transaction that locks the contribution, after its record if it changes that. What an editor or an
author looked at may be old when they press a button: `tour` and the version of the record say so, and TropTard tells
them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from fiches import registre
from fiches.acces import may_change
from fiches.models import Fiche
from fiches.mots_prives import with_unasked
from fiches.suivi.comparaison import several, state
from fiches.suivi.models import VersionMasquee
from fiches.suivi.public_history import public_versions
from participants.contributions import champs, courriels, credits, fichiers, notices
from participants.contributions.comparaison import GARDEE, PRISE, lines
from participants.contributions.models import Contribution, Echange
from socle.annuaire.models import Entree, Statut
from socle.courrier.refus import TropTard
from socle.journal.writing import lot
from socle.vie_privee import consentement, gestes
from socle.vie_privee.questions import MASQUER, MotPrive, decisions

E = Contribution.Etat
RETIREE, EFFACEE = "contribution-retiree", "contribution-effacee"  # what a restored backup has to do again
RAISON, RAISON_FICHE = "Correction proposée par un visiteur", "Fiche proposée par un visiteur"
RAISON_FICHIERS = "Fichier proposé par un visiteur"
HATE = timedelta(minutes=10)  # a same message that comes again so soon was sent twice by mistake
Suites = dict[str, tuple[str, object]]  # {field: (what becomes of it, value)}
CLOSE = "Cette contribution est close."
DECIDEE = "L’équipe a décidé entre-temps. Vous ne pouvez plus la retirer, mais l’effacer, ou écrire à l’équipe."
Joints = dict[int, fichiers.Titre] | None  # {key of a file that is taken: its title}


# What is compared


def published(entree: Entree | None) -> Fiche | None:
    """The record, or the one it was merged into, as the public reads it; None once there is none."""
    entree = entree and entree.shown()
    if entree is None:
        return None
    model = registre.get(entree.type).model
    rows = model._default_manager.published().prefetch_related(*(field.name for field in several(model)))
    return rows.filter(pk=entree.pk).first()


def state_read(fiche: Fiche, base: int) -> tuple[dict, int]:
    """(what a public record said in the version `base`, its number); what it says now if nobody could read that one.

    Choices that are no more are left out: no page offers them.
    """
    model = type(fiche)
    if base < fiche.version:
        hidden = VersionMasquee.objects.filter(entree=fiche.pk).values("version")
        row = public_versions(model, fiche.pk).filter(version__lte=base).exclude(version__in=hidden).first()
        if row:
            said = state(row)
            for field in several(model):
                there = field.related_model._base_manager.filter(pk__in=said[field.name])
                said[field.name] = frozenset(there.values_list("pk", flat=True))
            return said, base
    return state(fiche), fiche.version


# What its author does


@lot()
def deposit(
    fiche: Fiche, *, base: int, valeurs: dict, source: str, nom: str, courriel: str, credit: str = "", doute: str = ""
) -> Contribution:
    """Keep a correction until its address is confirmed from its own mail, or a new record if `fiche` has no key.

    `doute`: staff look first, no mail leaves.
    """
    row = Contribution.objects.create(
        nature=Contribution.Nature.CORRECTION if fiche.pk else Contribution.Nature.FICHE,
        type=registre.for_model(type(fiche)).cle,
        entree_id=fiche.pk,
        base=base,
        valeurs=valeurs,
        source=source,
        nom=nom,
        courriel=courriel,
        credit=credit,
        etat=E.A_VERIFIER if doute else E.A_CONFIRMER,
        doute=doute[:300],
        **consentement.preuve(notices.USAGE),
    )
    if not doute:
        courriels.to_confirm(row)
    return row


@lot()
def confirm(contribution: Contribution) -> Contribution:
    """The address is that of its author: staff see it now. Twice is once."""
    row = contribution.locked()
    if row.etat == E.A_CONFIRMER:
        _move(row, E.RECUE)
        courriels.received(row)
    return row


@lot()
def answer(contribution: Contribution, texte: str) -> None:
    """Its author writes to the team; a question that they answer waits for the team again."""
    row = contribution.locked()
    if not row.is_ouverte:
        raise TropTard(CLOSE)
    if row.echanges.filter(texte=texte, de_equipe=False, le__gt=timezone.now() - HATE).exists():
        return
    Echange.objects.create(contribution=row, texte=texte)
    _move(row, E.RECUE if row.etat == E.QUESTION else row.etat)


@lot()
def withdraw(contribution: Contribution) -> None:
    """Its author takes it back, unless it is closed: nothing becomes of it any more. Twice is once."""
    row = contribution.locked()
    if row.is_ouverte:
        _close(row, E.RETIREE)
        gestes.note(RETIREE, [row])
    elif row.etat != E.RETIREE:
        raise TropTard(DECIDEE)


def withdraw_again(row: Contribution, moment: datetime) -> bool:
    """Take back again one that a restored backup brought back."""
    if not row.is_ouverte:
        return False
    _close(row, E.RETIREE)
    return True


def erase(contribution: Contribution) -> None:
    """Its author has all that the site keeps of it erased, its mails included; what was taken of it stays."""
    gestes.do(EFFACEE, contribution)


def erase_again(row: Contribution, moment: datetime) -> bool:
    """Erase one, and the name that its record says; again, if a restored backup brought it back."""
    credits.take_back(row)
    row.delete()
    return True


# What the team does


@lot()
def accept_doubt(contribution: Contribution, *, tour: int) -> None:
    """Staff find nothing wrong with a doubtful one: its address is asked to confirm as any other."""
    row = _unchanged(contribution, tour)
    if row.etat != E.A_VERIFIER:
        raise TropTard(CLOSE)
    row.doute, row.demandee_le = "", timezone.now()
    _move(row, E.A_CONFIRMER)
    courriels.to_confirm(row)


@lot()
def set_aside(contribution: Contribution, *, tour: int, user) -> None:
    """Refuse a doubtful one. Nobody is told: its address is nobody's word."""
    row = _unchanged(contribution, tour)
    if row.etat != E.A_VERIFIER:
        raise TropTard(CLOSE)
    _close(row, E.REFUSEE, user)


@lot()
def take_on(contribution: Contribution, *, tour: int, user) -> None:
    """Somebody of the team says that they look at it."""
    row = _still_open(contribution, tour)
    row.decidee_par = user
    _move(row, E.EN_EXAMEN)


@lot()
def ask(contribution: Contribution, texte: str, *, tour: int, user) -> None:
    row = _still_open(contribution, tour)
    Echange.objects.create(contribution=row, de_equipe=True, par=user, texte=texte)
    _move(row, E.QUESTION)
    courriels.asked(row, texte)


@lot()
def refuse(contribution: Contribution, texte: str, *, tour: int, user) -> None:
    row = _still_open(contribution, tour)
    _settle(row, dict.fromkeys(row.valeurs, GARDEE), texte, user)


@lot()
def decide(
    contribution: Contribution,
    suites: Suites,
    texte: str,
    *,
    tour: int,
    version: int,
    user,
    citer: bool = True,
    joints: Joints = None,
    prives: Sequence[MotPrive] = (),
) -> Fiche:
    """Write what is taken into the record, in one version of it; the record.

    `version`: of the record that was looked at. `citer`: whether its author is named, if they asked. `prives`: words
    about persons in what is taken, with what becomes of each. TropTard if the record or the contribution has changed
    since, or if the record is public no more; ValidationError for what its own form would refuse.
    """
    locked = _record_locked(contribution)
    row = _still_open(contribution, tour)
    fiche = _record(row, locked, version, user)
    fields = {field.name: field for field in champs.offered(type(fiche))}
    now = state(fiche)
    values = {
        name: value
        for name, (what, value) in suites.items()
        if what != GARDEE and champs.words(fields[name], value) != champs.words(fields[name], now[name])
    }
    if values or joints:
        champs.check(fiche, values)
        fichiers.join(row, fiche.pk, joints or {}, par=user.get_username())
        said = decisions(with_unasked(fiche, values, prives), par=user.get_username())
        fiche.change(values, reason=RAISON if values else RAISON_FICHIERS, user=user, decisions=said)
    _settle(row, {name: what for name, (what, _) in suites.items()}, texte, user, citer=citer, prives=prives)
    return fiche


@lot()
def create(
    contribution: Contribution,
    suites: Suites,
    texte: str,
    *,
    tour: int,
    user,
    citer: bool = True,
    joints: Joints = None,
    prives: Sequence[MotPrive] = (),
) -> Fiche:
    """Make a record « à relire » of what is taken; whoever may publish reads it as any other. See `decide`."""
    row = _still_open(contribution, tour)
    fiche = registre.get(row.type).model(statut=Statut.A_RELIRE)
    values = {name: value for name, (what, value) in suites.items() if what != GARDEE}
    champs.check(fiche, values)
    said = decisions(with_unasked(fiche, values, prives), par=user.get_username())
    fiche.change(values, reason=RAISON_FICHE, user=user, decisions=said)
    row.entree = fiche.entree
    fichiers.join(row, fiche.pk, joints or {}, par=user.get_username())
    _settle(row, {name: what for name, (what, _) in suites.items()}, texte, user, citer=citer, prives=prives)
    return fiche


def _record_locked(contribution: Contribution) -> Fiche | None:
    """The record, locked before its contribution: a merge locks records, then moves what hangs on them."""
    found = published(Entree.objects.filter(contributions=contribution.pk).first())
    rows = type(found)._default_manager.select_for_update(of=("self",)) if found else None
    return found and rows.filter(pk=found.pk, statut=Statut.PUBLIEE).first()


def _record(row: Contribution, locked: Fiche | None, version: int, user) -> Fiche:
    """The record of a contribution, both locked, as it was looked at."""
    fiche = published(row.entree)
    if fiche is None or not may_change(user, fiche):
        raise TropTard("Cette fiche n’est plus publiée : il n’y a plus rien à corriger. Vous pouvez refuser.")
    if locked != fiche or fiche.version != version:  # merged while the lock was waited for, or changed before
        raise TropTard(
            "La fiche vient d’être modifiée. Rien n’a été enregistré : comparez de nouveau, vos choix sont là."
        )
    return fiche


def _settle(
    row: Contribution, suites: dict[str, str], texte: str, user, *, citer: bool = False, prives: Sequence[MotPrive] = ()
) -> None:
    """Close it with what became of each field, and tell its author."""
    for name, suite in suites.items():
        row.valeurs[name]["suite"] = suite
        if any(mot.champ == name and mot.reponse == MASQUER for mot in prives):
            row.valeurs[name]["masques"] = True
    said = {*suites.values(), *(PRISE if taken else GARDEE for taken in fichiers.taken(row))}
    etat = E.REFUSEE if said <= {GARDEE} else E.ACCEPTEE if said == {PRISE} else E.EN_PARTIE
    if texte:
        Echange.objects.create(contribution=row, de_equipe=True, par=user, texte=texte)
    _close(row, etat, user)
    if citer and etat != E.REFUSEE:
        credits.give(row)
    courriels.decided(row, lines(row), texte)


def _unchanged(contribution: Contribution, tour: int) -> Contribution:
    row = contribution.locked()
    if row.tour != tour:
        raise TropTard(
            f"Cette contribution a changé pendant que vous la lisiez : elle est « {row.get_etat_display()} ». "
            "Rien n’a été enregistré, et rien de ce que vous avez saisi n’est perdu."
        )
    return row


def _still_open(contribution: Contribution, tour: int) -> Contribution:
    row = _unchanged(contribution, tour)
    if not row.is_ouverte:
        raise TropTard(CLOSE)
    return row


def _move(row: Contribution, etat: Contribution.Etat) -> None:
    row.etat, row.tour = etat, row.tour + 1
    row.save()


def _close(row: Contribution, etat: Contribution.Etat, user=None) -> None:
    row.close_le, row.decidee_par = timezone.now(), user
    fichiers.drop(row)
    _move(row, etat)
    courriels.end_links(row)
