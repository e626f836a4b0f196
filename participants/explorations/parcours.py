"""The way of a sheet: sent, confirmed, read by the staff, shown; corrected, withdrawn or erased by its person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from participants.explorations import courriels, notices
from participants.explorations.models import Exploration
from socle.courrier.mailboxes import address_key
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes
from socle.vie_privee.public_text import take_out
from socle.vie_privee.questions import MotPrive, decisions, newly_shown

# Gestures that a restored copy repeats.
EFFACEE, RETIREE = "exploration-effacee", "exploration-retiree"
S = Exploration.Statut


@transaction.atomic
def deposit(champs: dict, profils, *, accord: bool, doute: str = "") -> None:
    """Keeps a sheet until its address is confirmed. `doute`: the staff look first, and no mail leaves.

    Anybody may have typed the address, so other sheets with it stay: the first one confirmed counts, and the purge
    erases the others. A known address keeps its sheet: only a mail says so.
    """
    same = _same(address_key(champs["courriel"]))
    known = next((row for row in same if row.statut == S.PARTICIPE), None)
    if known:
        if not doute:
            courriels.already(known)
        return
    agreed = consentement.preuve(notices.REPONSES)
    row = Exploration(statut=S.A_VERIFIER if doute else S.A_CONFIRMER, doute=doute[:300], **champs, **agreed)
    _set_consent(row, accord)
    row.save()
    row.profils.set(profils)
    if not doute:
        courriels.to_confirm(row)


@transaction.atomic
def confirm(exploration: Exploration) -> Exploration:
    """Notes that the address is confirmed: the sheet takes part. A second call changes nothing.

    Returns the sheet, or the one that already takes part with this address. The new one then waits for the purge; its
    person may erase the other and confirm this one.
    """
    rows = {row.pk: row for row in _same(exploration.courriel_cle)}
    row = rows.get(exploration.pk)
    other = next((one for one in rows.values() if one.statut == S.PARTICIPE and one.pk != exploration.pk), None)
    if row is None or (row.statut != S.PARTICIPE and other):
        if other is None:
            raise TropTard(exploration.si_effacee)
        return other
    if row.statut != S.PARTICIPE:
        row.statut, row.confirmee_le, row.signe_le = S.PARTICIPE, timezone.now(), timezone.now()
        row.save()
        courriels.confirmed(row)
    return row


@transaction.atomic
def correct(exploration: Exploration, champs: dict, profils, *, accord: bool) -> Exploration:
    """Saves corrected answers. The staff read the sheet again if its public part changed."""
    row = exploration.locked()
    before, shown = _public_part(row), row.accord_publication
    for name, value in champs.items():
        setattr(row, name, value)
    row.profils.set(profils)
    if accord != row.accord_publication or (accord and row.accord_texte != consentement.version(notices.PUBLICATION)):
        _set_consent(row, accord)
    if _public_part(row) != before:
        row.relue_le = None
    row.signe_le = timezone.now()
    row.save()
    if shown and not accord:
        gestes.note(RETIREE, [row])
    return row


def erase(exploration: Exploration) -> None:
    """Erases the sheet with its mails, if it is still there."""
    gestes.do(EFFACEE, exploration)


def withdraw_again(row: Exploration, moment: datetime) -> bool:
    """Repeats a withdrawal, unless somebody agreed to publication after that moment."""
    since = any(when and when > moment for when in (row.accord_le, row.relue_le))
    if not row.accord_publication or since:
        return False
    _set_consent(row, False)
    row.save()
    return True


@transaction.atomic
def note_consent(exploration: Exploration, accord: bool) -> None:
    """Notes what the person told the staff. No proof is kept, and the staff read the sheet before it is shown."""
    row = exploration.locked()
    row.accord_publication, row.accord_le, row.accord_texte, row.relue_le = accord, None, "", None
    row.save()
    if not accord:
        gestes.note(RETIREE, [row])


@transaction.atomic
def withdraw(exploration: Exploration, *, par_equipe: bool = False) -> bool:
    """Withdraws the sheet from the site. Returns whether that changes anything.

    TropTard if the staff do so before the address is confirmed: a link to the sheet would go to anybody.
    """
    row = exploration.locked()
    if par_equipe and row.statut != S.PARTICIPE:
        raise TropTard(
            "Une fiche dont l’adresse n’est pas confirmée ne paraît nulle part : pour l’écarter, supprimez-la."
        )
    if not row.accord_publication:
        return False
    _set_consent(row, False)
    if not par_equipe:
        row.signe_le = timezone.now()
    row.save()
    gestes.note(RETIREE, [row])
    if par_equipe:
        courriels.not_shown(row)
    return True


@transaction.atomic
def publish(
    exploration: Exploration, *, vue_le: datetime | None = None, prives: Iterable[MotPrive] = (), par: str = ""
) -> bool:
    """Shows the sheet, which the staff have read. Returns whether that changes anything.

    `vue_le`: when they read it. `prives`: private words, with the decision of `par` on each; others are masked.
    TropTard if the person has not agreed, not confirmed the address, or changed the sheet since.
    """
    row = exploration.locked()
    if why := why_hidden(row):
        raise TropTard(why)
    if vue_le and row.signe_le and row.signe_le > vue_le:
        raise TropTard("La personne a changé sa fiche depuis que vous l’avez lue : relisez-la.")
    if row.relue_le:
        return False
    said = {mot.cle: mot for mot in prives}
    retrait = take_out(row, decisions((said.get(mot.cle, mot) for mot in private_words(row)), par=par))
    row.relue_le = timezone.now()
    row.save()
    retrait.keep()
    courriels.shown(row)
    return True


def private_words(row: Exploration) -> list[MotPrive]:
    return [replace(mot, prefixe=f"{row.pk}-") for mot in newly_shown(row, before={})]


def why_hidden(row: Exploration) -> str:
    """Why the sheet cannot be published, or ""."""
    if row.statut != S.PARTICIPE:
        return "La personne n’a pas encore confirmé son adresse."
    if not row.accord_publication:
        return "La personne n’a pas accepté que sa fiche soit publiée."
    return ""


@transaction.atomic
def accept(exploration: Exploration) -> bool:
    """Accepts a doubtful post: its address is asked to confirm. Returns whether it still waited."""
    row = exploration.locked()
    if row.statut != S.A_VERIFIER:
        return False
    row.statut, row.doute, row.acceptee_le = S.A_CONFIRMER, "", timezone.now()
    row.save()
    courriels.to_confirm(row)
    return True


def known(courriel: str) -> list[Exploration]:
    """The sheets to which this address may get a link: those that take part, otherwise those to confirm."""
    rows = Exploration.objects.filter(courriel_cle=address_key(courriel)).order_by("-cree_le", "-pk")
    return list(rows.filter(statut=S.PARTICIPE)[:5]) or list(rows.filter(statut=S.A_CONFIRMER)[:5])


def _same(key: str) -> list[Exploration]:
    """The sheets of one address, locked: one that is just being confirmed is waited for."""
    return list(Exploration.objects.select_for_update().filter(courriel_cle=key).order_by("pk"))


def _set_consent(row: Exploration, accord: bool) -> None:
    if accord != row.accord_publication:
        row.relue_le = None
    row.accord_publication = accord
    row.accord_le = timezone.now() if accord else None
    row.accord_texte = consentement.version(notices.PUBLICATION) if accord else ""


def _public_part(row: Exploration) -> list:
    profils = sorted(row.profils.values_list("pk", flat=True))
    return [profils, *(getattr(row, name) for name in row.PUBLICS if name != "profils")]
