"""The mail that a message becomes, for one person."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from fiches.attached import Contact
from participants.contacter.models import Message
from socle.annuaire.models import Entree
from socle.courrier import liens
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
            "cite": "\n".join(f"> {line}" for line in message.texte.splitlines()),
            "titre": titre,
            "adresse_fiche": settings.SITE_URL + reverse("permalink", args=[entree.pk]) if entree else "",
            "equipe": contact is None,
            "adresse_equipe": settings.SITE_URL + reverse("contacter:equipe"),
            "stop": liens.adresse(ROUTES[STOP], liens.issue(STOP, contact, duree=DUREE)) if contact else "",
        },
        objet=f"Un message au sujet de « {titre} »" if titre else "Un message pour l’équipe de LabAccès",
        repondre_a=message.courriel,
        sujet=message,
    )
