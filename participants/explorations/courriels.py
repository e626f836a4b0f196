"""The mails of the exploration. Each is a row of the outbox, written in the transaction it tells of."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from participants.explorations.models import Exploration
from socle.courrier import liens
from socle.courrier.outbox import write_to

# Each kind of link has one purpose. A mail to confirm shows nothing that was typed, as its address may belong to
# somebody else.
CONFIRMER, PERSONNEL = "exploration-confirmer", "exploration"
ROUTES = {CONFIRMER: "explorations:confirmer", PERSONNEL: "explorations:personnelle"}
DUREE = timedelta(days=365)  # for links to a personal page


def to_confirm(row: Exploration) -> bool:
    return _send(row, "explorations/a-confirmer", "Confirmez votre fiche d’exploration", usage=CONFIRMER)


def confirmed(row: Exploration) -> bool:
    return _send(row, "explorations/confirmee", "Votre fiche d’exploration est enregistrée")


def already(row: Exploration) -> bool:
    """The address has a sheet already: only this mail says so."""
    return _send(row, "explorations/deja", "Vous avez déjà une fiche d’exploration")


def shown(row: Exploration) -> bool:
    adresse = settings.SITE_URL + reverse("explorations:fiche", args=[row.pk])
    return _send(row, "explorations/publiee", "Votre fiche d’exploration est publiée", adresse_fiche=adresse)


def not_shown(row: Exploration) -> bool:
    return _send(row, "explorations/non-publiee", "Votre fiche d’exploration n’est pas sur le site")


def new_link(row: Exploration) -> bool:
    """Mails a link to the personal page, or to the confirmation if that is due."""
    if row.statut == Exploration.Statut.A_CONFIRMER:
        return to_confirm(row)
    return _send(row, "explorations/nouveau-lien", "Votre lien vers votre fiche d’exploration")


def personal_token(row: Exploration) -> str:
    """A token that opens the personal page for a year."""
    return liens.issue(PERSONNEL, row, duree=DUREE)


def _send(row: Exploration, gabarit: str, objet: str, *, usage: str = PERSONNEL, **contexte) -> bool:
    """Returns False if the sheet has no address, or if its time to confirm is over and it will be purged."""
    duree = row.a_confirmer_avant - timezone.now() if usage == CONFIRMER else DUREE
    if not row.courriel or duree <= timedelta(0):
        return False
    contexte |= {
        "exploration": row,
        "lien": liens.adresse(ROUTES[usage], liens.issue(usage, row, duree=duree)),
        "nouveau_lien": settings.SITE_URL + reverse("explorations:lien"),
    }
    return write_to(row, gabarit, contexte, objet=objet)
