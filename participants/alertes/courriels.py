"""What who follows a list is written: a row of the outbox each, in the transaction it tells of."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from fiches.models import Fiche
from participants.alertes.listes import ListeSuivie
from participants.alertes.models import Alerte
from socle.courrier import liens
from socle.courrier.outbox import deposit
from socle.francais.typographie import fr, titre

CONFIRMER, PERSONNEL = "alerte-confirmer", "alerte"
ROUTES = {CONFIRMER: "alertes:confirmer", PERSONNEL: "alertes:personnelle"}
DUREE = timedelta(days=365)  # of a link to one's own page


def to_confirm(row: Alerte) -> None:
    """It says nothing of what was typed: the address may be a stranger's."""
    duree = row.cree_le + timedelta(days=settings.CONSERVATION["alertes_non_confirmees"]) - timezone.now()
    lien = liens.adresse(ROUTES[CONFIRMER], liens.issue(CONFIRMER, row, duree=duree))
    context = {"lien": lien, "cree_le": row.cree_le, "rythme": row.get_rythme_display()}
    deposit("alertes/a-confirmer", row.courriel, context, objet="Confirmez votre alerte", sujet=row)


def prolong(row: Alerte) -> None:
    """Once it is confirmed, the link that its person has leads to their page, as long as any other."""
    row.liens.update(expire_le=timezone.now() + DUREE)


def already(row: Alerte) -> None:
    """Somebody asked again with the address of who follows that list: said by mail, to that address alone."""
    _send(row, "alertes/deja", "Vous suivez déjà cette liste")


def news(row: Alerte, liste: ListeSuivie, fiches: list[Fiche], count: int) -> None:
    """What is new: `fiches` of `count` of them."""
    context = {
        "phrase": fr(liste.selection.phrase(count)),
        "lignes": [line(fiche) for fiche in fiches],
        "autres": count - len(fiches),
        "liste": liste.adresse,
    }
    # Twice under one key is once: whatever happens, no mail leaves twice.
    _send(
        row, "alertes/du-nouveau", f"Du nouveau : {context['phrase']}", cle=f"alerte {row.pk}, {row.numero}", **context
    )


def suspended(row: Alerte) -> None:
    """What they follow is no more."""
    _send(
        row, "alertes/suspendue", "Votre alerte est suspendue", accueil=settings.SITE_URL + reverse("alertes:demande")
    )


def line(fiche: Fiche) -> dict[str, str]:
    """A record, as a mail names it."""
    return {
        "titre": titre(fiche.titre_affiche),
        "lieu": fr(", ".join(filter(None, (fiche.lieu_affiche, fiche.chiffre_affiche)))),
        "fait": fr(fiche.fait_affiche),
        "adresse": settings.SITE_URL + fiche.get_absolute_url(),
    }


def personal_token(row: Alerte) -> str:
    """A new token that opens the person's own page for a year."""
    return liens.issue(PERSONNEL, row, duree=DUREE)


def _send(row: Alerte, gabarit: str, objet: str, *, cle: str = "", **context) -> None:
    """Put a mail into the outbox, with the page by which one stops it."""
    page = liens.adresse(ROUTES[PERSONNEL], personal_token(row))
    context |= {"alerte": row, "mots": fr(row.mots), "page": page}
    deposit(gabarit, row.courriel, context, objet=objet, sujet=row, cle=cle, desabonnement=page)
