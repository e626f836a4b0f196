"""Which public records are to be read again, by whom, and that somebody found one right.

A record is due once its delay has passed since it was last changed or found right: a question to an index of the
directory, so that nothing has to be kept up with each save. Records in no other state are ever due.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.auth import get_user_model
from django.db.models import Case, DateTimeField, DurationField, ExpressionWrapper, Q, QuerySet, Value, When
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from fiches.suivi.models import Veille
from socle.annuaire.models import REGARDEE_LE, Entree, Statut

# How long a delay of so many months lasts.
DELAIS = {mois: timedelta(days=jours) for mois, jours in ((3, 91), (6, 182), (12, 365), (24, 730))}


def of_types() -> dict[int, list[str]]:
    """{delay in months: the types whose records have it}."""
    types = sorted(registre.types(), key=lambda one: one.relecture)
    return {mois: [one.cle for one in group] for mois, group in groupby(types, lambda one: one.relecture)}


def due(cle: str = "") -> QuerySet[Entree]:
    """Entries of the public records that are to be read again, of one type or of all."""
    now = timezone.now()
    own = Veille.objects.filter(mois__isnull=False)
    wanted = Q(pk__in=[])
    for mois, types in of_types().items():
        types = [one for one in types if cle in ("", one)]
        if mois and types:
            wanted |= Q(type__in=types, regardee_le__lt=now - DELAIS[mois]) & ~Q(pk__in=own.values("entree"))
    for mois, delai in DELAIS.items():
        wanted |= Q(regardee_le__lt=now - delai, pk__in=own.filter(mois=mois).values("entree"))
    rows = Entree.objects.published().alias(regardee_le=REGARDEE_LE)
    # The index goes by state, type and this: what was looked at since the shortest delay is not even read.
    rows = rows.filter(wanted, regardee_le__lt=now - min(DELAIS.values()))
    return rows.filter(type=cle) if cle else rows


def with_day(rows: QuerySet[Entree]) -> QuerySet[Entree]:
    """Entries that are due, with their day, `echeance`: the longest due first."""
    delay = Case(
        *(When(veille__mois=mois, then=Value(delai)) for mois, delai in DELAIS.items()),
        *(When(type__in=types, then=Value(DELAIS[mois])) for mois, types in of_types().items() if mois),
        output_field=DurationField(),
    )
    day = ExpressionWrapper(REGARDEE_LE + delay, output_field=DateTimeField())
    return rows.annotate(echeance=day).order_by("echeance", "pk")


def due_day(fiche: Fiche) -> datetime | None:
    """When a public record is to be read again; None for one that never is."""
    entree = fiche.entree
    veille = getattr(entree, "veille", None)
    mois = registre.for_model(type(fiche)).relecture if veille is None or veille.mois is None else veille.mois
    if not mois or not fiche.is_publiee:
        return None
    return max(filter(None, (entree.modifiee_le, entree.verifiee_le))) + DELAIS[mois]


def staff() -> QuerySet:
    """The accounts that may be in charge of records: those that are open."""
    return get_user_model().objects.filter(is_active=True, is_staff=True)


def orphans(rows: QuerySet[Entree], unreachable: Iterable[int] = ()) -> QuerySet[Entree]:
    """Of entries, those with nobody in charge: no account, one that was closed, or one that no mail can reach, without
    an address or among `unreachable`.
    """
    held = Veille.objects.filter(responsable__in=staff().exclude(email="").exclude(pk__in=unreachable))
    return rows.exclude(pk__in=held.values("entree"))


def verify(fiche: Fiche) -> None:
    """Somebody found a public record right as it stands: its page says so. No field of it changes, hence no version."""
    Entree.objects.filter(pk=fiche.pk, statut=Statut.PUBLIEE).update(verifiee_le=timezone.now())


def entrust(pks: list[int], responsable) -> None:
    """Put an account in charge of these records, or nobody; their delays stay."""
    fresh = {"responsable": responsable, "rappels": 0, "rappelee_le": None}
    Veille.objects.bulk_create(
        [Veille(entree_id=pk, **fresh) for pk in pks],
        update_conflicts=True,
        unique_fields=["entree"],
        update_fields=[*fresh],
        batch_size=500,
    )


def settle(fiche: Fiche, *, responsable, mois: int | None) -> bool:
    """Say who is in charge of a record and its delay; whether that is new."""
    veille = Veille.objects.filter(entree=fiche.pk).first() or Veille(entree_id=fiche.pk)
    if (veille.responsable, veille.mois) == (responsable, mois):
        return False
    if veille.responsable != responsable:
        veille.rappels, veille.rappelee_le = 0, None
    veille.responsable, veille.mois = responsable, mois
    veille.save()
    return True
