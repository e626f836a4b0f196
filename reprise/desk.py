"""What the takeover adds to the desk's lists and forms of records and persons, which do not know it."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef
from django.utils.html import format_html

from fiches.acces import admin_url
from fiches.models import Fiche
from participants.models import Participant
from reprise.follow_up import initial_of, settle_seen, settle_seen_of_person, settled_at, tell_settled
from reprise.models import Anomalie, Origine
from reprise.resolution import label_of
from reprise.settling import decisions
from socle.bureau.ajouts import Ajout
from socle.bureau.list_filters import CaseListFilter
from socle.francais.nombres import whole
from socle.francais.wording import moment

CASE = "anomalies_reglees"  # the boxes that settle rows, beside a record's form


class SuiviListFilter(CaseListFilter):
    title = "reprise de l’ancien site"
    parameter_name = "suivi"

    def cases_of(self, model):
        rows = Anomalie.objects if issubclass(model, Fiche) else model.anomalies.rel.related_model.objects
        column = "entree" if issubclass(model, Fiche) else "participant"
        left = Exists(rows.open().filter(**{column: OuterRef("pk")}))
        return [("anomalie", "anomalies à régler", left), ("rien", "rien à régler", ~left)]


class SuiviDeReprise(Ajout):
    manques = (("anomalies de reprise à régler", {"suivi": "anomalie"}),)

    def concerns(self, model):
        return issubclass(model, Fiche | Participant)

    def filters(self, model):
        return [SuiviListFilter]

    def part(self, request, row):
        anomalies = self._rows(request, row)
        return ("admin/reprise/suivi.html", {"anomalies": anomalies}) if anomalies else None

    @staticmethod
    def _rows(request, fiche) -> list:
        """Anomalies, open ones first, each with the state of its box and the label of its field."""
        ticked = set(request.POST.getlist(CASE))
        rows = Anomalie.objects.filter(entree=fiche.pk).select_related("entree")
        rows = list(rows.order_by(F("reglee_le").asc(nulls_first=True), "pk"))
        for row in rows:
            row.cochee, row.ou = str(row.pk) in ticked, label_of(type(fiche), row.champ)
            if row.type == Anomalie.Type.CONTENU_INDESIRABLE:
                row.decisions = decisions(row)
            elif row.type == Anomalie.Type.CHANGE_DES_DEUX_COTES and request.user.has_perm("reprise.view_anomalie"):
                row.page = settled_at(row)
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
        ticked = [key for text in request.POST.getlist(CASE) if (key := whole(text, 18))]
        count = Anomalie.objects.filter(entree=row.pk, pk__in=ticked).settle(request.user) if ticked else 0
        return "Anomalies de reprise réglées." if count else ""

    def origin(self, row):
        return _of_a_fiche(row) if isinstance(row, Fiche) else _of_a_person(row)

    def going(self, model, keys):
        count = Anomalie.objects.filter(entree__in=keys).count()
        return {Anomalie._meta.verbose_name_plural: count} if count else {}


def _unknown(request) -> Anomalie | None:
    """The anomaly of unknown type named in the address of the form, from which a new record is made."""
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
