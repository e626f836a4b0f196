"""Filters of the desk's lists of records and persons: what the takeover left to settle on them."""

from django.db.models import Exists, OuterRef

from reprise.models import Anomalie, Conflit
from socle.bureau.list_filters import CaseListFilter


class SuiviListFilter(CaseListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def cases_of(self, model):
        anomalie, conflit = (Exists(one.objects.open().filter(entree=OuterRef("pk"))) for one in (Anomalie, Conflit))
        return [
            ("anomalie", "anomalies à régler", anomalie),
            ("conflit", "conflits à régler", conflit),
            ("rien", "rien à régler", ~anomalie & ~conflit),
        ]


class AnomalieListFilter(CaseListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def cases_of(self, model):
        anomalies = model.anomalies.rel.related_model
        left = Exists(anomalies.objects.open().filter(participant=OuterRef("pk")))
        return [("anomalie", "anomalies à régler", left), ("rien", "rien à régler", ~left)]
