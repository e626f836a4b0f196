"""Which public records must be read again, and by whom; notes that somebody found one right.

A record is due once its delay has passed since its last change or check; at once if taken over without a date.
Unfinished records are never due (a word without definition is neither right nor wrong). A save updates nothing: indexes
of the directory answer.

The oldest matter comes first, by date or by the latest year in the text. The desk asks for A_LA_SEMAINE a week.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from fiches.suivi.models import LienSortant, Veille
from socle.annuaire.models import JAMAIS_RELUE, REGARDEE_LE, Entree, Statut, inscrire_fiches
from socle.francais.wording import jour_en_lettres
from socle.journal.writing import lot

A_LA_SEMAINE = 10
# {months: days}
DELAIS = {mois: timedelta(days=jours) for mois, jours in ((3, 91), (6, 182), (12, 365), (24, 730))}


def of_types() -> dict[int, list[str]]:
    """{delay in months: keys of types}."""
    types = sorted(registre.types(), key=lambda one: one.relecture)
    return {mois: [one.cle for one in group] for mois, group in groupby(types, lambda one: one.relecture)}


def due(cle: str = "") -> QuerySet[Entree]:
    now = timezone.now()
    own = Veille.objects.filter(mois__isnull=False)
    wanted = Q(pk__in=[])
    for mois, types in of_types().items():
        types = [one for one in types if cle in ("", one)]
        if mois and types:
            wanted |= Q(type__in=types) & _late(now - DELAIS[mois]) & ~Q(pk__in=own.values("entree"))
    for mois, delai in DELAIS.items():
        wanted |= Q(pk__in=own.filter(mois=mois).values("entree")) & _late(now - delai)
    rows = Entree.objects.published().alias(regardee_le=REGARDEE_LE)
    # The indexes go by state, type and these dates: records checked within the shortest delay are not even read.
    rows = rows.filter(wanted, _late(now - min(DELAIS.values())))
    for one in registre.types():
        if one.inachevees and cle in ("", one.cle):
            rows = rows.exclude(type=one.cle, pk__in=one.lacking().values("pk"))
    return rows.filter(type=cle) if cle else rows


def _late(moment: datetime) -> Q:
    """Entries last checked before that moment, or never, or before one of their links died."""
    return Q(regardee_le__lt=moment) | JAMAIS_RELUE | Exists(_morts())


def _morts() -> QuerySet[LienSortant]:
    """The links of an entry that died since its last check."""
    return LienSortant.objects.filter(entree=OuterRef("pk"), mort_le__gt=OuterRef("regardee_le")).order_by("pk")


def with_day(rows: QuerySet[Entree]) -> QuerySet[Entree]:
    """Adds day (`echeance`) and first dead link (`lien_mort`) to entries of `due`, and orders them.

    Dead links come first, then the oldest matter, then the longest due.
    """
    delay = Case(
        *(When(veille__mois=mois, then=Value(delai)) for mois, delai in DELAIS.items()),
        *(When(type__in=types, then=Value(DELAIS[mois])) for mois, types in of_types().items() if mois),
        output_field=DurationField(),
    )
    day = Case(
        When(JAMAIS_RELUE, then=F("modifiee_le")),  # the day of its takeover
        default=ExpressionWrapper(REGARDEE_LE + delay, output_field=DateTimeField()),
        output_field=DateTimeField(),
    )
    rows = rows.annotate(echeance=day, lien_mort=Subquery(_morts().values("adresse")[:1]))
    year = ExtractYear("echeance")
    matter = Case(When(JAMAIS_RELUE, then=Coalesce("annee_dite", year)), default=year, output_field=IntegerField())
    dead = Case(When(lien_mort__isnull=False, then=0), default=1, output_field=IntegerField())
    return rows.order_by(dead, matter, "echeance", "pk")


def reason(entree: Entree) -> str:
    """Why an entry of `with_day` is due: « jamais relue, parle de 2020 »."""
    if entree.is_jamais_relue:
        said = f"jamais relue, {f'parle de {entree.annee_dite}' if entree.annee_dite else 'ne nomme aucune année'}"
    elif entree.echeance < timezone.now():
        said = f"à revérifier depuis le {jour_en_lettres(entree.echeance)}"
    else:
        said = ""
    dead = f"un lien ne répond plus : {entree.lien_mort}" if entree.lien_mort else ""
    return " ; ".join(filter(None, (said, dead)))


def monday() -> datetime:
    day = timezone.localdate()
    return timezone.make_aware(datetime.combine(day - timedelta(days=day.weekday()), time()))


def left_this_week() -> int:
    """How many records may still be asked for this week; those checked, or changed if undated, are counted off."""
    of_old_site = Q(publiee_le__isnull=True, datee=True, modifiee_le__gte=monday())
    done = Entree.objects.published().filter(Q(verifiee_le__gte=monday()) | of_old_site).count()
    return max(0, A_LA_SEMAINE - done)


def due_day(fiche: Fiche) -> datetime | None:
    """When a public record must be read again; None if never."""
    entree = fiche.entree
    veille = getattr(entree, "veille", None)
    mois = registre.for_model(type(fiche)).relecture if veille is None or veille.mois is None else veille.mois
    if not mois or not fiche.is_publiee or fiche.inachevee:
        return None
    if entree.is_jamais_relue:
        return entree.modifiee_le
    return max(filter(None, (entree.modifiee_le, entree.verifiee_le))) + DELAIS[mois]


def staff() -> QuerySet:
    return get_user_model().objects.filter(is_active=True, is_staff=True)


def orphans(rows: QuerySet[Entree], unreachable: Iterable[int] = ()) -> QuerySet[Entree]:
    """Entries with nobody in charge: no account, a closed one, one without a mail address, or in `unreachable`."""
    held = Veille.objects.filter(responsable__in=staff().exclude(email="").exclude(pk__in=unreachable))
    return rows.exclude(pk__in=held.values("entree"))


@dataclass(frozen=True)
class Verification:
    """A check of a record, and when the one before it was made."""

    avant: datetime | None
    le: datetime


def verify(fiche: Fiche) -> Verification:
    """Notes that a public record is right; its page says so. No field changes, so no version is made."""
    rows, now = Entree.objects.filter(pk=fiche.pk, statut=Statut.PUBLIEE), timezone.now()
    with lot():
        before = rows.values_list("verifiee_le", flat=True).first()
        rows.update(verifiee_le=now)
        inscrire_fiches([fiche.pk])
    return Verification(before, now)


def unverify(fiche: Fiche, verification: Verification) -> bool:
    """Takes a check back; False if the record was checked again since."""
    with lot():
        rows = Entree.objects.filter(pk=fiche.pk, verifiee_le=verification.le)
        done = rows.update(verifiee_le=verification.avant)
        inscrire_fiches([fiche.pk])
    return bool(done)


def entrust(pks: list[int], responsable) -> None:
    """Puts an account, or nobody, in charge; delays stay."""
    fresh = {"responsable": responsable, "rappels": 0, "rappelee_le": None}
    Veille.objects.bulk_create(
        [Veille(entree_id=pk, **fresh) for pk in pks],
        update_conflicts=True,
        unique_fields=["entree"],
        update_fields=[*fresh],
        batch_size=500,
    )


def settle(fiche: Fiche, *, responsable, mois: int | None) -> bool:
    """Returns whether something changed."""
    veille = Veille.objects.filter(entree=fiche.pk).first() or Veille(entree_id=fiche.pk)
    if (veille.responsable, veille.mois) == (responsable, mois):
        return False
    if veille.responsable != responsable:
        veille.rappels, veille.rappelee_le = 0, None
    veille.responsable, veille.mois = responsable, mois
    veille.save()
    return True
