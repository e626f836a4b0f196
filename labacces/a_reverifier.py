"""Records to check at the desk this week: ten, the oldest facts first, and how many wait."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from fiches import registre
from fiches.acces import admin_url, change_url, visible_types
from fiches.suivi import fraicheur
from socle.annuaire.models import Entree
from socle.francais.wording import pluriel

TITRE = "À revérifier"


@dataclass(frozen=True)
class Relecture:
    """A record to check. `verifier`: the address for « Toujours exact »."""

    entree: Entree
    type: str
    raison: str
    formulaire: str
    verifier: str


def changeable_types(site, request: HttpRequest) -> list[str]:
    """Types whose records this person may confirm."""
    return [one.cle for one, model_admin in visible_types(site, request) if model_admin.has_change_permission(request)]


def keys_of_week(types: list[str]) -> list[int]:
    """This week's keys, in order. Two queries."""
    left = fraicheur.left_this_week()
    rows = fraicheur.with_day(fraicheur.due().filter(type__in=types))
    return list(rows.values_list("pk", flat=True)[:left]) if left else []


def of_week(types: list[str]) -> list[Relecture]:
    """This week's records, ready to show."""
    rows = {row.pk: row for row in fraicheur.with_day(fraicheur.due().filter(pk__in=keys_of_week(types)))}
    found = []
    for entree in rows.values():
        declaration = registre.get(entree.type)
        verifier = admin_url(declaration.model, "verifier", entree.pk)
        found.append(Relecture(entree, declaration.nom, fraicheur.reason(entree), change_url(entree), verifier))
    return found


@dataclass(frozen=True)
class Attente:
    """All that waits: links to lists, and the end date at ten a week."""

    listes: list[tuple[str, str]]
    jusquau: date


def waiting(types: list[str]) -> Attente:
    rows = fraicheur.due().filter(type__in=types).order_by().values_list("type").annotate(Count("pk"))
    counts = dict(rows)
    listes = []
    for one in registre.types():
        if count := counts.get(one.cle):
            address = f"{admin_url(one.model, 'changelist')}?{urlencode({'relecture': 'due'})}"
            listes.append((pluriel(count, one.nom, one.nom_pluriel), address))
    weeks = -(-sum(counts.values()) // fraicheur.A_LA_SEMAINE)
    return Attente(listes, timezone.localdate() + timedelta(weeks=weeks))
