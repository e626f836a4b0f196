"""Registrations without an event, as the old site left some; an action of their list ties them to one."""

from django.urls import reverse

from participants.inscriptions.models import Inscription
from socle.bureau.ajouts import Ajout
from socle.francais.wording import pluriel


class SansEvenement(Ajout):
    """Adds their number and a link to the first page of the desk."""

    def links(self, site, request, addresses):
        rows = Inscription.objects.filter(evenement=None)
        if request.user.has_perm("inscriptions.change_inscription") and (count := rows.count()):
            words = pluriel(count, "inscription sans événement", "inscriptions sans événement")
            listed = reverse("admin:inscriptions_inscription_changelist")
            yield f"{words} : rattacher", f"{listed}?evenement__isnull=True"
