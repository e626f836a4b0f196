"""What the takeover adds to the desk's lists and forms of records and persons, which know nothing of it."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef
from django.utils.html import format_html

from fiches.acces import admin_url
from fiches.models import Fiche
from participants.models import Participant
from reprise.conflict_desk_views import conflicts_url, to_decide
from reprise.follow_up import initial_of, settle_seen, settle_seen_of_person, tell_settled
from reprise.models import Anomalie, Conflit, Origine
from reprise.resolution import label_of
from reprise.settling import decisions
from socle.bureau.ajouts import Ajout
from socle.bureau.list_filters import CaseListFilter
from socle.francais.mots import moment
from socle.francais.nombres import whole

# Of the part beside a record's form: what it calls the boxes that settle rows.
CASES = {Anomalie: "anomalies_reglees", Conflit: "conflits_regles"}


class SuiviListFilter(CaseListFilter):
    """Of a list of records: what the takeover left to settle on them."""

    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def cases_of(self, model):
        anomalie, conflit = (Exists(one.objects.open().filter(entree=OuterRef("pk"))) for one in CASES)
        return [
            ("anomalie", "anomalies à régler", anomalie),
            ("conflit", "conflits à régler", conflit),
            ("rien", "rien à régler", ~anomalie & ~conflit),
        ]


class AnomalieListFilter(SuiviListFilter):
    """The same, of a list of persons."""

    def cases_of(self, model):
        left = Exists(model.anomalies.rel.related_model.objects.open().filter(participant=OuterRef("pk")))
        return [("anomalie", "anomalies à régler", left), ("rien", "rien à régler", ~left)]


class SuiviDeReprise(Ajout):
    """Anomalies and conflicts of the takeover."""

    manques = (("anomalies de reprise à régler", {"suivi": "anomalie"}),)

    def concerns(self, model):
        return issubclass(model, Fiche | Participant)

    def filters(self, model):
        return [SuiviListFilter if issubclass(model, Fiche) else AnomalieListFilter]

    def part(self, request, row):
        anomalies, conflits = (self._rows(request, row, model) for model in CASES)
        if not (anomalies or conflits):
            return None
        context = {"anomalies": anomalies, "conflits": conflits, "page": conflicts_url(row.pk)}
        return "admin/reprise/suivi.html", context

    @staticmethod
    def _rows(request, fiche, model) -> list:
        """Open ones first, each with whether its box was ticked, and the label of the field it is about."""
        when = model.SUITE[0]
        ticked = set(request.POST.getlist(CASES[model]))
        rows = model.objects.filter(entree=fiche.pk).select_related("entree")
        rows = list(rows.order_by(F(when).asc(nulls_first=True), "pk"))
        for row in rows:
            row.cochee, row.reglee = str(row.pk) in ticked, getattr(row, when)
            row.ou = label_of(type(fiche), row.champ)
            if model is Conflit or row.type == Anomalie.Type.CONTENU_INDESIRABLE:
                row.decisions = decisions(row)
        return rows

    def initial(self, request, model):
        anomalie = _unknown(request)
        return initial_of(anomalie, model) if anomalie else {}

    def save(self, request, row, *, created):
        if isinstance(row, Participant):
            settle_seen_of_person(row, request.user)
            return ""
        if anomalie := created and _unknown(request):
            Anomalie.objects.filter(pk=anomalie.pk).settle(request.user)
            seen = [anomalie]
        else:
            seen = [*getattr(row, "anomalies_vues", ()), *settle_seen(row, request.user)]
        if seen:
            tell_settled(admin.site, request, seen)
        count = 0
        for model, boxes in CASES.items():
            ticked = [key for text in request.POST.getlist(boxes) if (key := whole(text, 18))]
            count += model.objects.filter(entree=row.pk, pk__in=ticked).settle(request.user) if ticked else 0
        return "Anomalies ou conflits de reprise réglés." if count else ""

    def origin(self, row):
        return _of_a_fiche(row) if isinstance(row, Fiche) else _of_a_person(row)

    def going(self, model, keys):
        counts = {one._meta.verbose_name_plural: one.objects.filter(entree__in=keys).count() for one in CASES}
        return {words: count for words, count in counts.items() if count}

    def links(self, site, request, addresses):
        """The first of the records with conflicts that this person may decide on: their pages follow one another."""
        conflicts = admin_url(Conflit, "changelist")
        if any(address.startswith(conflicts) for address in addresses) and (first := to_decide(site, request).first()):
            yield "Régler les conflits côte à côte, fiche par fiche", conflicts_url(first.pk)


def _unknown(request) -> Anomalie | None:
    """The record of no known type that a new one is made of, as the address of its form says."""
    asked = whole(request.GET.get("anomalie", ""), 18)
    if not (asked and request.user.has_perm("reprise.change_anomalie")):
        return None
    return Anomalie.objects.open().filter(pk=asked, type=Anomalie.Type.TYPE_INCONNU).first()


def _of_a_fiche(fiche: Fiche) -> str:
    origine = Origine.objects.filter(pk=fiche.pk).first()
    if origine is None:
        return ""
    named = f", où elle s’appelait {origine.identifiant}" if origine.identifiant else ""
    return f"Reprise de l’ancien site le {moment(origine.reprise_le)}{named}."


def _of_a_person(row: Participant) -> str:
    if not row.anomalies.exists():
        return ""
    link = '<a href="{}?participant__id__exact={}&amp;suite=toutes">voir les anomalies de reprise</a>'
    return format_html(link, admin_url(row.anomalies.model, "changelist"), row.pk)
