"""Send the due mails, one at a time: claim, write if it is a digest, send, mark. Each step is committed.

A killed sender loses nothing. A mail claimed but not marked is due again when its lease ends. If the server had taken
it, it is sent twice, once a kill at most, with the same Message-ID, by which mail readers know it.
"""

import logging
import smtplib
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.header import Header
from email.message import Message as PlainMessage

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from socle.courrier import composition
from socle.courrier.models import Courriel, Etat
from socle.courrier.texte import mask, une_ligne
from socle.francais.wording import pluriel

# Longer than all timeouts of one sending: connection, TLS, login, five commands, each EMAIL_TIMEOUT.
BAIL = timedelta(minutes=10)
DELAIS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 720, 720, 720)]  # then it failed
ESSAIS = len(DELAIS) + 1
ABANDON = "courriel que personne ne recevra", "courriels que personne ne recevra"
SHORT = 60  # characters of a subject that fits on one line

logger = logging.getLogger(__name__)


@dataclass
class BilanDEnvoi:
    """What a run did. `panne`: why it stopped early."""

    envoyes: int = 0
    remis: int = 0
    echecs: int = 0
    panne: str = ""

    @property
    def total(self) -> int:
        return self.envoyes + self.remis + self.echecs


class Injoignable(Exception):
    """The server is silent or refuses our login: no mail is the cause."""


def send(nombre: int | None = None) -> BilanDEnvoi:
    """Send the due mails, `nombre` at most. If the server cannot be reached, the run ends."""
    bilan, connexion = BilanDEnvoi(), None
    try:
        while (nombre is None or bilan.total < nombre) and not bilan.panne:
            courriel = claim()
            if courriel is None:
                break
            try:
                connexion = connexion or _open()
                prefetch_related_objects([courriel], "pieces")
                if not composition.write(courriel):
                    _drop(courriel)
                    continue
                connexion.send_messages([message(courriel)])
            except Exception as error:
                connexion = _close(connexion)
                if _fail(courriel, error) == Etat.EN_ECHEC:
                    bilan.echecs += 1
                else:
                    bilan.remis += 1
                if isinstance(error, Injoignable):
                    bilan.panne = str(error)
            else:
                _succeed(courriel)
                bilan.envoyes += 1
    finally:
        _close(connexion)
    if bilan.echecs:
        logger.error("%s : espace de rédaction, « Courriels ».", pluriel(bilan.echecs, *ABANDON))
    return bilan


def claim() -> Courriel | None:
    """Claim the mail due longest, for the time of the lease; None if there is none.

    One statement claims it if its row has not changed: of two senders, one gets it.
    """
    while courriel := Courriel.objects.due().first():
        seen = Courriel.objects.due().filter(pk=courriel.pk, etat=courriel.etat, essais=courriel.essais)
        if courriel.essais >= ESSAIS:  # each sender died on it
            seen.update(etat=Etat.EN_ECHEC, erreur="L’envoi s’est interrompu à chaque essai.")
            logger.error("Le courriel n° %s est abandonné : son envoi s’est interrompu à chaque essai.", courriel.pk)
            continue
        courriel.etat, courriel.essais = Etat.EN_COURS, courriel.essais + 1
        if seen.update(etat=courriel.etat, essais=courriel.essais, prochain_essai=timezone.now() + BAIL):
            return courriel
    return None


class MessageUneLigne(EmailMultiAlternatives):
    """A message whose subject begins on the header's first line.

    Django leaves that line blank when it folds a long subject, and some mail readers show a space. Long ASCII subjects
    are encoded too, in case one word is too long.
    """

    def message(self, *args, **kwargs):
        found = super().message(*args, **kwargs)
        objet = str(self.subject)
        if len(objet) > SHORT or not objet.isascii():
            del found["Subject"]
            PlainMessage.__setitem__(found, "Subject", Header(objet, "utf-8", header_name="Subject"))
        return found


def message(courriel: Courriel) -> MessageUneLigne:
    headers = {
        "Message-ID": courriel.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if courriel.desabonnement:
        headers["List-Unsubscribe"] = f"<{courriel.desabonnement}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    found = MessageUneLigne(
        courriel.objet,
        courriel.texte,
        to=[courriel.destinataire],
        reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
        headers=headers,
    )
    found.attach_alternative(courriel.html, "text/html")
    for piece in courriel.pieces.all():
        found.attach(piece.nom, bytes(piece.contenu), piece.type)
    return found


def _open():
    connexion = get_connection()
    try:
        connexion.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        _close(connexion)
        raise Injoignable(_answer(error)[1]) from error
    return connexion


def _close(connexion) -> None:
    if connexion is not None:
        with suppress(OSError):
            connexion.close()


def _succeed(courriel: Courriel) -> None:
    """Mark it as sent, whatever became of its row. Tokens and files are erased: the desk needs none."""
    with transaction.atomic() if courriel.pieces.all() else nullcontext():
        Courriel.objects.filter(pk=courriel.pk).update(
            etat=Etat.ENVOYE,
            envoye_le=timezone.now(),
            erreur="",
            objet=courriel.objet,
            texte=mask(courriel.texte),
            html=mask(courriel.html),
            desabonnement=mask(courriel.desabonnement),
        )
        if courriel.pieces.all():
            courriel.pieces.update(contenu=b"")


def _drop(courriel: Courriel) -> None:
    """Delete a digest with nothing left to say, if this sender still has it."""
    Courriel.objects.filter(pk=courriel.pk, etat=Etat.EN_COURS, essais=courriel.essais).delete()


def _fail(courriel: Courriel, error: Exception) -> Etat:
    """Put off a mail, or give it up after a final refusal (5xx) or the last try. Returns its new state."""
    code, mots = _answer(error)
    # A refused sender is a wrong setting, not the mail's fault.
    definitif = 500 <= code < 600 and not isinstance(error, smtplib.SMTPSenderRefused)
    if isinstance(error, Injoignable):
        kind = "Le serveur de courriel ne nous laisse pas entrer"
    elif code:
        kind = f"{'Refusé' if code >= 500 else 'Remis à plus tard'} par le serveur de courriel ({code})"
    elif isinstance(error, OSError):
        kind = "La connexion au serveur de courriel s’est coupée"
    else:
        kind = "Ce courriel ne peut pas être mis en forme"
        logger.error("Le courriel n° %s ne peut pas être mis en forme.", courriel.pk, exc_info=error)
        definitif = not courriel.composition  # a digest reads the database: the next try may work
    erreur = f"{kind} : {mots}"
    fields = {"erreur": erreur, "etat": Etat.EN_ECHEC}
    if not definitif and courriel.essais < ESSAIS:
        # An error is logged once; while a mail waits after the same failure, the next are warnings.
        known = Courriel.objects.failing().filter(erreur__startswith=kind).exists()
        logger.log(logging.WARNING if known else logging.ERROR, "Un courriel n’est pas parti. %s", erreur)
        fields |= {"etat": Etat.A_REESSAYER, "prochain_essai": timezone.now() + DELAIS[courriel.essais - 1]}
    # Only if still ours: after the lease, another sender may have it.
    Courriel.objects.filter(pk=courriel.pk, etat=Etat.EN_COURS, essais=courriel.essais).update(**fields)
    return fields["etat"]


def _answer(error: Exception) -> tuple[int, str]:
    """(code, words) of the server; (0, words of the error) if it was silent."""
    code, mots = 0, str(error) or type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, mots = next(iter(error.recipients.values()))  # there is one recipient
    elif isinstance(error, smtplib.SMTPResponseException):
        code, mots = error.smtp_code, error.smtp_error
    return code, une_ligne(mots.decode("utf-8", "replace") if isinstance(mots, bytes) else mots, 500)
