"""The way of a proposal: sent, confirmed, discussed, decided; answered or withdrawn by its author.

Each function is one transaction. It locks the proposal, and before it the record if it changes that. `tour` and the
version of the record tell whether the page of an editor or author was out of date: TropTard.
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
from fiches.suivi.public_history import public_revisions
from participants.contributions import champs, courriels, credits, fichiers, notices
from participants.contributions.comparaison import GARDEE, PRISE, lines
from participants.contributions.models import Contribution, Echange
from socle.annuaire.models import Entree, Statut
from socle.courrier.refus import TropTard
from socle.journal.writing import lot
from socle.vie_privee import consentement, gestes
from socle.vie_privee.questions import MASQUER, MotPrive, decisions

E = Contribution.Etat
RETIREE, EFFACEE = "contribution-retiree", "contribution-effacee"  # gestures that a restored copy repeats
RAISON, RAISON_FICHE = "Correction proposée par un visiteur", "Fiche proposée par un visiteur"
RAISON_FICHIERS = "Fichier proposé par un visiteur"
HATE = timedelta(minutes=10)  # an equal message within this time was sent twice by mistake
Suites = dict[str, tuple[str, object]]  # {field: (decision, value)}
CLOSE = "Cette contribution est close."
DECIDEE = "L’équipe a décidé entre-temps. Vous ne pouvez plus la retirer, mais l’effacer, ou écrire à l’équipe."
Joints = dict[int, fichiers.Titre] | None  # {key of a file to join: its title}


# What is compared


def published(entree: Entree | None) -> Fiche | None:
    """The public record, followed through merges; None if there is none."""
    entree = entree and entree.shown()
    if entree is None:
        return None
    model = registre.get(entree.type).model
    rows = model._default_manager.published().prefetch_related(*(field.name for field in several(model)))
    return rows.filter(pk=entree.pk).first()


def state_read(fiche: Fiche, base: int) -> tuple[dict, int]:
    """(state of a public record in version `base`, its number); the present one if `base` was not public.

    Without choices that are gone, as no page offers them.
    """
    model = type(fiche)
    if base < fiche.version:
        hidden = VersionMasquee.objects.filter(entree=fiche.pk).values("version")
        row = public_revisions(model, fiche.pk).filter(version__lte=base).exclude(version__in=hidden).first()
        if row:
            said = state(row)
            for field in several(model):
                there = field.related_model._base_manager.filter(pk__in=said[field.name])
                said[field.name] = frozenset(there.values_list("pk", flat=True))
            return said, base
    return state(fiche), fiche.version


# By the author


@lot()
def deposit(
    fiche: Fiche, *, base: int, valeurs: dict, source: str, nom: str, courriel: str, credit: str = "", doute: str = ""
) -> Contribution:
    """Keeps a correction, or a new record if `fiche` has no key, until its address is confirmed.

    `doute`: the staff look first, and no mail leaves.
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
    """Notes that the address is confirmed: the staff now see the proposal. A second call changes nothing."""
    row = contribution.locked()
    if row.etat == E.A_CONFIRMER:
        _move(row, E.RECUE)
        courriels.received(row)
    return row


@lot()
def answer(contribution: Contribution, texte: str) -> None:
    """Adds a message of the author. An answered question waits for the team again."""
    row = contribution.locked()
    if not row.is_ouverte:
        raise TropTard(CLOSE)
    if row.echanges.filter(texte=texte, de_equipe=False, le__gt=timezone.now() - HATE).exists():
        return
    Echange.objects.create(contribution=row, texte=texte)
    _move(row, E.RECUE if row.etat == E.QUESTION else row.etat)


@lot()
def withdraw(contribution: Contribution) -> None:
    """Withdraws an open proposal. A second call changes nothing; TropTard if the team has decided."""
    row = contribution.locked()
    if row.is_ouverte:
        _close(row, E.RETIREE)
        gestes.note(RETIREE, [row])
    elif row.etat != E.RETIREE:
        raise TropTard(DECIDEE)


def withdraw_again(row: Contribution, moment: datetime) -> bool:
    """Withdraws a proposal that a restored copy brought back."""
    if not row.is_ouverte:
        return False
    _close(row, E.RETIREE)
    return True


def erase(contribution: Contribution) -> None:
    """Erases a proposal with its mails; what the record took from it stays."""
    gestes.do(EFFACEE, contribution)


def erase_again(row: Contribution, moment: datetime) -> bool:
    """Erases a proposal and the name on the page; also called if a restored copy brought them back."""
    credits.take_back(row)
    row.delete()
    return True


# By the team


@lot()
def accept_doubt(contribution: Contribution, *, tour: int) -> None:
    """Accepts a doubtful proposal: its address is asked to confirm, as any other."""
    row = _unchanged(contribution, tour)
    if row.etat != E.A_VERIFIER:
        raise TropTard(CLOSE)
    row.doute, row.demandee_le = "", timezone.now()
    _move(row, E.A_CONFIRMER)
    courriels.to_confirm(row)


@lot()
def set_aside(contribution: Contribution, *, tour: int, user) -> None:
    """Refuses a doubtful proposal. Nobody is told, since nobody confirmed its address."""
    row = _unchanged(contribution, tour)
    if row.etat != E.A_VERIFIER:
        raise TropTard(CLOSE)
    _close(row, E.REFUSEE, user)


@lot()
def take_on(contribution: Contribution, *, tour: int, user) -> None:
    """Notes that somebody of the team looks at it."""
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
    """Writes what is taken into the record, in one version; returns the record.

    `version`: that the editor saw. `citer`: name the author, if they asked. `prives`: decisions on private words.
    TropTard if the record or the proposal changed since, or the record is not public; ValidationError for what its form
    would refuse.
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
    """Makes a record « à relire » of what is taken; whoever may publish rereads it. Arguments: see `decide`."""
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
    """The record, locked before the proposal: a merge locks records, then moves what belongs to them."""
    found = published(Entree.objects.filter(contributions=contribution.pk).first())
    rows = type(found)._default_manager.select_for_update(of=("self",)) if found else None
    return found and rows.filter(pk=found.pk, statut=Statut.PUBLIEE).first()


def _record(row: Contribution, locked: Fiche | None, version: int, user) -> Fiche:
    fiche = published(row.entree)
    if fiche is None or not may_change(user, fiche):
        raise TropTard("Cette fiche n’est plus publiée : il n’y a plus rien à corriger. Vous pouvez refuser.")
    if locked != fiche or fiche.version != version:  # merged while waiting for the lock, or changed before
        raise TropTard(
            "La fiche vient d’être modifiée. Rien n’a été enregistré : comparez de nouveau, vos choix sont là."
        )
    return fiche


def _settle(
    row: Contribution, suites: dict[str, str], texte: str, user, *, citer: bool = False, prives: Sequence[MotPrive] = ()
) -> None:
    """Closes the proposal with the decision on each field, and tells its author."""
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
