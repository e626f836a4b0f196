"""Reports and votes about a record, added to the lists and forms of the desk."""

from django.db.models import Q
from django.urls import reverse

from fiches.models import Fiche
from participants.contacter import erreurs
from participants.contacter.models import OUVERTS, Signalement
from socle.bureau.ajouts import Ajout
from socle.bureau.list_filters import CaseListFilter


class SignaleeListFilter(CaseListFilter):
    title = "erreurs signalées"
    parameter_name = "signalee"

    def cases_of(self, model):
        waiting = Signalement.objects.filter(etat__in=OUVERTS).values("entree")
        return [("oui", "avec un signalement à régler", Q(pk__in=waiting))]


class RetoursAjout(Ajout):
    """Votes of the year and open reports beside the form of a record; a filter in its list."""

    def concerns(self, model):
        return issubclass(model, Fiche)

    def filters(self, model):
        return [SignaleeListFilter]

    def part(self, request, row):
        waiting = Signalement.objects.filter(entree=row.pk, etat__in=OUVERTS)
        if not request.user.has_perm("contacter.view_signalement"):
            waiting = waiting.none()
        found = [(one, reverse("admin:contacter_signalement_change", args=[one.pk])) for one in waiting]
        said = erreurs.of_the_year(row.pk)
        return ("admin/contacter/retours.html", {"avis": said, "signalements": found}) if found or said else None
