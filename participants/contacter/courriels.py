"""Mails: a message for its recipient, answers, mails about reports."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from fiches.attached import Contact
from participants.contacter.models import Message, Signalement
from socle.annuaire.models import Entree
from socle.courrier import liens
from socle.courrier.mailboxes import team_mailbox
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit, write_to

STOP = "contacter-stop"
ROUTES = {STOP: "contacter:stop"}
DUREE = timedelta(days=365)


def relay(message: Message, entree: Entree | None, adresse: str, contact: Contact | None) -> None:
    """Sends a message to a contact of its record or, without `contact`, to the team."""
    context = _context(message, entree) | {
        "equipe": contact is None,
        "adresse_equipe": settings.SITE_URL + reverse("contacter:equipe"),
        "stop": liens.adresse(ROUTES[STOP], liens.issue(STOP, contact, duree=DUREE)) if contact else "",
    }
    deposit(
        "contacter/message",
        adresse,
        context,
        objet=f"Un message au sujet de « {entree.titre} »" if entree else "Un message pour l’équipe de LabAccès",
        repondre_a=message.courriel,
        sujet=message,
    )


def answer(message: Message, entree: Entree | None, texte: str, *, repondre_a: str) -> Courriel:
    """Sends the team's answer to the author of a message."""
    return deposit(
        "contacter/reponse",
        message.courriel,
        _context(message, entree) | {"reponse": texte},
        objet=f"Réponse à votre message au sujet de « {entree.titre} »" if entree else "Réponse à votre message",
        repondre_a=repondre_a,
        sujet=message,
    )


def report_received(signalement: Signalement) -> bool:
    """Says that a report has come, without its text: its address may be a stranger's."""
    entree = signalement.entree_publique
    return write_to(
        signalement,
        "contacter/signalement-recu",
        _context(signalement, entree),
        objet=f"Votre signalement sur « {entree.titre} » est arrivé" if entree else "Votre signalement est arrivé",
        repondre_a=team_mailbox(),
    )


def answer_report(signalement: Signalement, texte: str) -> bool:
    """Sends the answer to a report, if it has an address."""
    entree = signalement.entree_publique
    return write_to(
        signalement,
        "contacter/signalement",
        _context(signalement, entree) | {"reponse": texte},
        objet=f"Vous avez signalé une erreur dans « {entree.titre} »" if entree else "Vous avez signalé une erreur",
        repondre_a=team_mailbox(),
    )


def _context(message: Message | Signalement, entree: Entree | None) -> dict:
    return {
        "message": message,
        "titre": entree.titre if entree else "",
        "adresse_fiche": settings.SITE_URL + reverse("permalink", args=[entree.pk]) if entree else "",
    }
