"""Mails about accounts (invitation, forgotten password), with a link to choose a password."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from socle.comptes.models import Utilisateur
from socle.courrier import liens
from socle.courrier.mailboxes import AdresseInvalide, normalise
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit

INVITATION, OUBLI = "invitation", "mot-de-passe"  # kinds of links, and names of the templates of their mails
DUREES = {INVITATION: timedelta(days=7), OUBLI: timedelta(hours=1)}
MAX_PAR_JOUR = 10  # mails about a forgotten password to one address, whoever asks


@transaction.atomic
def invite(user: Utilisateur, par: Utilisateur | None = None) -> Courriel:
    """Mails the link to choose a password. AdresseInvalide if the address is wrong."""
    liens.revoke(user, INVITATION)
    qui = par.nom_affiche if par else "L’équipe"
    return _mail(INVITATION, user, user.email, "comptes:invitation", "Votre compte pour écrire sur LabAccès", par=qui)


def _mail(usage: str, user: Utilisateur, courriel: str, route: str, objet: str, **context) -> Courriel:
    jeton = liens.issue(usage, user, duree=DUREES[usage])
    context |= {
        "nom": user.nom_affiche,
        "identifiant": user.username,
        "adresse": liens.adresse(route, jeton),
    }
    return deposit(usage, courriel, context, objet=objet, sujet=user)


def forgotten(text: str) -> None:
    """Mails a link to the open accounts with that name or address. Takes as long if there is none.

    Either way it opens a transaction, which may wait for another writer of SQLite; the time is counted from there.
    """
    text = text.strip()
    rows = Utilisateur.objects.filter(Q(username__iexact=text) | Q(email__iexact=text), is_active=True).exclude(
        email=""
    )
    with transaction.atomic():
        start = time.monotonic()
        for user in rows[:3] if text else ():
            _send(user)
    time.sleep(max(0.0, settings.REPONSE_MINIMALE - (time.monotonic() - start)))


def _send(user: Utilisateur) -> None:
    """Sends a new link. Older ones stay good: a mail may be lost, and only digests of links are kept."""
    objet = "Choisir un nouveau mot de passe pour LabAccès"
    try:
        courriel = normalise(user.email)
    except AdresseInvalide:
        return  # no error here: the page says the same to everybody
    since = timezone.now() - timedelta(days=1)
    if Courriel.objects.filter(destinataire=courriel, objet=objet, cree_le__gt=since).count() >= MAX_PAR_JOUR:
        return
    _mail(OUBLI, user, courriel, "comptes:nouveau_mot_de_passe", objet)
