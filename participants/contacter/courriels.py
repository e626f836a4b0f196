"""The mails that a message becomes: for one person, and back to its author."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from fiches.attached import Contact
from participants.contacter.models import Message, Signalement
from socle.annuaire.models import Entree, Statut
from socle.courrier import liens
from socle.courrier.adresses import team_mailbox
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit

STOP = "contacter-stop"
ROUTES = {STOP: "contacter:stop"}
DUREE = timedelta(days=365)


def relay(message: Message, entree: Entree | None, adresse: str, contact: Contact | None) -> None:
    """Put it into the outbox for `adresse`, that of a contact of its record or, without one, of the team."""
    titre = entree.titre if entree else ""
    deposit(
        "contacter/message",
        adresse,
        {
            "message": message,
            "cite": _quoted(message),
            "titre": titre,
            "adresse_fiche": _address(entree),
            "equipe": contact is None,
            "adresse_equipe": settings.SITE_URL + reverse("contacter:equipe"),
            "stop": liens.adresse(ROUTES[STOP], liens.issue(STOP, contact, duree=DUREE)) if contact else "",
        },
        objet=f"Un message au sujet de « {titre} »" if titre else "Un message pour l’équipe de LabAccès",
        repondre_a=message.courriel,
        sujet=message,
    )


def answer(message: Message, entree: Entree | None, texte: str, *, repondre_a: str) -> Courriel:
    """Put what the team answers into the outbox, for who wrote the message."""
    return deposit(
        "contacter/reponse",
        message.courriel,
        {
            "message": message,
            "reponse": texte,
            "cite": _quoted(message),
            "titre": entree.titre if entree else "",
            "adresse_fiche": _address(entree),
        },
        objet=f"Réponse à votre message au sujet de « {entree.titre} »" if entree else "Réponse à votre message",
        repondre_a=repondre_a,
        sujet=message,
    )


def answer_report(signalement: Signalement, texte: str) -> Courriel:
    """Put what staff answer to a report into the outbox."""
    entree = subject(signalement)
    return deposit(
        "contacter/signalement",
        signalement.courriel,
        {
            "message": signalement,
            "reponse": texte,
            "cite": _quoted(signalement),
            "titre": entree.titre if entree else "",
            "adresse_fiche": _address(entree),
        },
        objet=f"Vous avez signalé une erreur dans « {entree.titre} »" if entree else "Vous avez signalé une erreur",
        repondre_a=team_mailbox(),
        sujet=signalement,
    )


def subject(message: Message | Signalement) -> Entree | None:
    """The public record that it is about, merged or not; None once there is none."""
    entree = message.entree and message.entree.after_merges()
    return entree if entree and entree.statut == Statut.PUBLIEE else None


def _quoted(message: Message | Signalement) -> str:
    return "\n".join(f"> {line}" for line in message.texte.splitlines())


def _address(entree: Entree | None) -> str:
    return settings.SITE_URL + reverse("permalink", args=[entree.pk]) if entree else ""
