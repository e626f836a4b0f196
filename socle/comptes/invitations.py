"""Mails about accounts: an invitation, a forgotten password. Both lead to a page where a password is chosen."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from socle.comptes.models import Utilisateur
from socle.courrier import liens
from socle.courrier.adresses import AdresseInvalide, normalise
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit

INVITATION, OUBLI = "invitation", "mot-de-passe"  # of links, and of the templates of their mails
DUREES = {INVITATION: timedelta(days=7), OUBLI: timedelta(hours=1)}
MAX_PAR_JOUR = 10  # mails about a forgotten password to one address, whoever asks for them


@transaction.atomic
def invite(user: Utilisateur, par: Utilisateur | None = None) -> Courriel:
    """Mail somebody the link by which they choose their password. AdresseInvalide: it says what is wrong."""
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
    """Mail a link to whoever has an open account under that name or address. Takes the same time if nobody has.

    Somebody known or not, it opens a transaction, and waits for SQLite's other writer if there is one; the clock starts
    once it has its turn.
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
    """A link, though others may still be good: only their digests are kept, and one of their mails may be lost."""
    objet = "Choisir un nouveau mot de passe pour LabAccès"
    try:
        courriel = normalise(user.email)
    except AdresseInvalide:
        return  # nobody can be told: the page says the same to everybody
    since = timezone.now() - timedelta(days=1)
    if Courriel.objects.filter(destinataire=courriel, objet=objet, cree_le__gt=since).count() >= MAX_PAR_JOUR:
        return
    _mail(OUBLI, user, courriel, "comptes:nouveau_mot_de_passe", objet)
