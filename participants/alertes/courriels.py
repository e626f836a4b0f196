"""The mails of alerts. Each is a row of the outbox, written in the transaction it tells of."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pyroaring import BitMap

from fiches import registre
from fiches.models import Fiche
from participants.alertes.followed_lists import Disparue, ListeSuivie
from participants.alertes.models import Alerte
from socle.courrier import liens
from socle.courrier.composition import CourrielEcrit
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit, deposit_late
from socle.francais.typographie import fr, nom, titre

CONFIRMER, PERSONNEL = "alerte-confirmer", "alerte"
NOUVELLES = "alertes"  # name of the mails that `write_news` writes
ROUTES = {CONFIRMER: "alertes:confirmer", PERSONNEL: "alertes:personnelle"}
DUREE = timedelta(days=365)  # for the link to a personal page


def to_confirm(row: Alerte) -> None:
    """Shows nothing typed: the address may be a stranger's."""
    duree = row.cree_le + timedelta(days=settings.CONSERVATION["alertes_non_confirmees"]) - timezone.now()
    lien = liens.adresse(ROUTES[CONFIRMER], liens.issue(CONFIRMER, row, duree=duree))
    context = {"lien": lien, "cree_le": row.cree_le, "rythme": row.get_rythme_display()}
    deposit("alertes/a-confirmer", row.courriel, context, objet="Confirmez votre alerte", sujet=row)


def prolong(row: Alerte) -> None:
    """The link to confirm then opens the alert, for as long as other links."""
    row.liens.update(expire_le=timezone.now() + DUREE)


def already(row: Alerte) -> None:
    """Tells that the alert exists already: only this mail says so, since anybody may type an address."""
    _send(row, "alertes/deja", "Vous suivez déjà cette liste")


def news(row: Alerte, new: BitMap, completed: BitMap) -> None:
    """Deposits a mail about new and completed records, by key. Which are still in the list is asked when it leaves."""
    deposit_late(
        NOUVELLES,
        row.courriel,
        objet="Du nouveau dans une liste suivie",
        sujet=row,
        # A key is sent once only: whatever happens, no mail leaves twice.
        cle=f"alerte {row.pk}, {row.numero}",
        desabonnement=_page(row),
        donnees={"nouvelles": list(new), "achevees": list(completed)},
    )


def write_news(courriel: Courriel) -> CourrielEcrit | None:
    """Writes the mail of `news`; None if the alert has ended, or its list holds none of the news."""
    row = courriel.sujet
    if row is None or row.etat != Alerte.Etat.ACTIVE:
        return None
    try:
        liste = ListeSuivie.read(row.type, row.criteres)
    except Disparue:
        return None
    said = courriel.donnees if isinstance(courriel.donnees, dict) else {"nouvelles": courriel.donnees}  # older row
    completed = BitMap(said.get("achevees", ())) - liste.lacking
    keys = liste.answers & (BitMap(said["nouvelles"]) | completed)
    fiches = liste.fiches(keys) if keys else []
    if not fiches:
        return None
    phrase = fr(liste.selection.phrase(len(keys)))
    context = {
        "alerte": row,
        "page": courriel.desabonnement,
        "phrase": phrase,
        "lignes": [line(fiche, completed=fiche.pk in completed) for fiche in fiches],
        "autres": len(keys) - len(fiches),
        "liste": liste.adresse,
    }
    return CourrielEcrit(f"Du nouveau : {phrase}", "alertes/du-nouveau", context)


def suspended(row: Alerte) -> None:
    """Tells the person that the list is gone."""
    _send(
        row, "alertes/suspendue", "Votre alerte est suspendue", accueil=settings.SITE_URL + reverse("alertes:demande")
    )


def line(fiche: Fiche, *, completed: bool = False) -> dict[str, str]:
    """A record as a mail shows it. `completed`: told because it now has what it lacked."""
    return {
        "titre": titre(fiche.titre_affiche),
        "lieu": fr(", ".join(filter(None, (nom(fiche.lieu_affiche), fiche.chiffre_affiche)))),
        "suite": fr(registre.for_model(type(fiche)).achevee) if completed else "",
        "fait": fr(fiche.fait_affiche),
        "adresse": settings.SITE_URL + fiche.get_absolute_url(),
    }


def personal_token(row: Alerte) -> str:
    """A token that opens the personal page for a year."""
    return liens.issue(PERSONNEL, row, duree=DUREE)


def _page(row: Alerte) -> str:
    """The page, behind a new link, where one stops the alert."""
    return liens.adresse(ROUTES[PERSONNEL], personal_token(row))


def _send(row: Alerte, gabarit: str, objet: str, **context) -> None:
    page = _page(row)
    context |= {"alerte": row, "mots": fr(row.mots), "page": page}
    deposit(gabarit, row.courriel, context, objet=objet, sujet=row, desabonnement=page)
