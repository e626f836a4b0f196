"""Inscription, as the rest of the site knows it: names that no page prints."""

from django.db.models import Q

from fiches import confidentiel
from participants.inscriptions.models import Inscription

_S = Inscription.Statut
UNSURE = (_S.A_VERIFIER, _S.A_CONFIRMER, _S.EXPIREE, _S.REFUSEE)


def names(inscriptions):
    """Who registered, and their addresses. « La Poste » or « Accès aux droits » typed as a name hides no text.

    What the public form takes names nobody until the address is confirmed: anybody could hide any words.
    """
    unsure = Q(statut__in=UNSURE) | Q(statut=_S.EN_ATTENTE, confirmee_le=None)
    for prenom, nom, courriel in (
        inscriptions.exclude(unsure).order_by().values_list("prenom", "nom", "courriel").distinct()
    ):
        if not confidentiel.is_common(prenom):
            yield f"{prenom} {nom}"
        if courriel:
            yield courriel


confidentiel.register("inscriptions.Inscription", names)
