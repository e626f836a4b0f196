"""The way of a sheet: sent, confirmed from a mail, read by staff, shown; corrected, withdrawn, erased by its person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from participants.explorations import courriels, notices
from participants.explorations.models import Exploration
from socle.courrier.adresses import address_key
from socle.courrier.refus import TropTard
from socle.vie_privee import consentement, gestes
from socle.vie_privee.public_text import take_out
from socle.vie_privee.questions import MotPrive, decisions, newly_shown

# What a restored backup has to do again.
EFFACEE, RETIREE = "exploration-effacee", "exploration-retiree"
S = Exploration.Statut


@transaction.atomic
def deposit(champs: dict, profils, *, accord: bool, doute: str = "") -> None:
    """Keep a sheet until its address is confirmed from its own mail. It takes nothing from others of that address.

    Anybody may have typed it: of several, the one that is confirmed first counts, and those that nobody confirms are
    purged. An address that has a sheet keeps it: a mail says so, the page does not. `doute`: why staff should look
    first; no mail leaves then.
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
    """The address is that of the person: their sheet takes part. The one that the address has, if it has one already.

    Twice is once. The other stays until it is purged: whoever prefers it erases theirs, then confirms it.
    """
    rows = {row.pk: row for row in _same(exploration.courriel_cle)}
    row = rows.get(exploration.pk)
    other = next((one for one in rows.values() if one.statut == S.PARTICIPE and one.pk != exploration.pk), None)
    if row is None or (row.statut != S.PARTICIPE and other):
        if other is None:
            raise TropTard("Cette fiche a été effacée.")
        return other
    if row.statut != S.PARTICIPE:
        row.statut, row.confirmee_le, row.signe_le = S.PARTICIPE, timezone.now(), timezone.now()
        row.save()
        courriels.confirmed(row)
    return row


@transaction.atomic
def correct(exploration: Exploration, champs: dict, profils, *, accord: bool) -> Exploration:
    """Change one's own answers. Staff read again what the public would read otherwise."""
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
    """Erase the sheet, with the mails about it; nothing to do if it is gone already."""
    gestes.do(EFFACEE, exploration)


def withdraw_again(row: Exploration, moment: datetime) -> bool:
    """Withdraw again a sheet that was withdrawn at that moment, if nobody has agreed to show it since."""
    since = any(when and when > moment for when in (row.accord_le, row.relue_le))
    if not row.accord_publication or since:
        return False
    _set_consent(row, False)
    row.save()
    return True


@transaction.atomic
def note_consent(exploration: Exploration, accord: bool) -> None:
    """Staff write down what a person told them: no proof is kept, and the sheet is read before it is shown."""
    row = exploration.locked()
    row.accord_publication, row.accord_le, row.accord_texte, row.relue_le = accord, None, "", None
    row.save()
    if not accord:
        gestes.note(RETIREE, [row])


@transaction.atomic
def withdraw(exploration: Exploration, *, par_equipe: bool = False) -> bool:
    """Show the sheet no more; whether that changes anything.

    TropTard for staff before its address is confirmed: a mail with a link to the sheet would go to anybody.
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
    """Staff have read the sheet: it is shown; whether that changes anything. `vue_le`: when what they read was so.

    `prives`: words of it about persons, with what `par` said of each; those of which nothing is said are masked.
    TropTard if the person has not agreed, not confirmed their address, or changed their sheet since.
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
    """The words of a sheet that publishing it would show of persons."""
    return [replace(mot, prefixe=f"{row.pk}-") for mot in newly_shown(row, before={})]


def why_hidden(row: Exploration) -> str:
    """Why a sheet would not be shown if staff published it, in words; "" if nothing is against it."""
    if row.statut != S.PARTICIPE:
        return "La personne n’a pas encore confirmé son adresse."
    if not row.accord_publication:
        return "La personne n’a pas accepté que sa fiche soit publiée."
    return ""


@transaction.atomic
def accept(exploration: Exploration) -> bool:
    """Staff find nothing wrong with a doubtful post: it goes on as any other; whether it still waited."""
    row = exploration.locked()
    if row.statut != S.A_VERIFIER:
        return False
    row.statut, row.doute, row.acceptee_le = S.A_CONFIRMER, "", timezone.now()
    row.save()
    courriels.to_confirm(row)
    return True


def known(courriel: str) -> list[Exploration]:
    """The sheets that an address may be sent a link to: those that take part, else those that it has to confirm."""
    rows = Exploration.objects.filter(courriel_cle=address_key(courriel)).order_by("-cree_le", "-pk")
    return list(rows.filter(statut=S.PARTICIPE)[:5]) or list(rows.filter(statut=S.A_CONFIRMER)[:5])


def _same(key: str) -> list[Exploration]:
    """The sheets of one address, locked: one that is being confirmed is waited for, not deleted."""
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
