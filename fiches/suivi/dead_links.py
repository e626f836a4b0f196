"""Finds links from public records to other sites that no longer answer. Off unless VERIFIER_LIENS is set.

Each address is asked once a week, and is dead after two failures in a row. Its record is then due (fraicheur.py).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from fiches import registre
from fiches.suivi.models import LienSortant
from socle.francais.prose import addresses, linkable
from socle.reseau.probe import Constat, probe

A_LA_FOIS = 200  # addresses in one run
SEMAINE = timedelta(days=7)
ECHECS = 2  # in a row
PEU = 10  # so few addresses may never have answered
PASSAGES = 3  # silent runs of so few addresses before their sites are taken for gone
PAUSE = 1  # seconds between two addresses
LONGUEUR = LienSortant._meta.get_field("adresse").max_length


@dataclass
class BilanDeLiens:
    """`coupe`: this machine has no network, so no link is declared dead."""

    demandes: int = 0
    morts: int = 0
    coupe: bool = False


def check(tell: Callable = lambda asked: asked) -> BilanDeLiens:
    """Asks the addresses not asked for a week, oldest first. `tell` shows progress."""
    follow()
    due = LienSortant.objects.filter(Q(regarde_le=None) | Q(regarde_le__lte=timezone.now() - SEMAINE))
    rows = due.order_by(F("regarde_le").asc(nulls_first=True), "pk").values_list("adresse", flat=True)
    asked = list(dict.fromkeys(rows.iterator()))[:A_LA_FOIS]
    agent = f"LabAcces, verification des liens ({settings.SITE_URL}/)".encode("ascii", "ignore").decode()
    found: dict[str, Constat] = {}
    for address in tell(asked):
        if found:
            time.sleep(PAUSE)
        found[address] = probe(address, agent=agent)
    bilan = BilanDeLiens(len(found))
    bilan.coupe = _is_cut_off(found, agent)
    if not bilan.coupe:
        _keep(found)
    bilan.morts = LienSortant.objects.filter(mort_le__isnull=False).values("adresse").distinct().count()
    return bilan


def _is_cut_off(found: dict[str, Constat], agent: str) -> bool:
    """Whether this machine seems to have no network: no site answered, nor the last good address, asked again.

    If no address ever answered, silence is counted: after PASSAGES runs the sites are taken for gone, or two lost sites
    would stop the task each night. An address that our own network refuses never counts.
    """
    asked = {address: constat for address, constat in found.items() if constat.entendu is not None}
    if not asked or any(constat.entendu for constat in asked.values()):
        return False
    answered = LienSortant.objects.filter(regarde_le__isnull=False, constat="").exclude(adresse__in=found)
    known = answered.order_by("-regarde_le", "pk").first()
    if known:
        return not probe(known.adresse, agent=agent).entendu
    if len(asked) > PEU or any(constat.repond is None for constat in asked.values()):
        return True
    silent = LienSortant.objects.filter(adresse__in=asked)
    is_new = silent.filter(echecs__lt=PASSAGES).exists()
    if is_new:
        silent.update(echecs=F("echecs") + 1)
    return is_new


@transaction.atomic
def _keep(found: dict[str, Constat]) -> None:
    now = timezone.now()
    rows = list(LienSortant.objects.filter(adresse__in=found))
    for row in rows:
        constat = found[row.adresse]
        row.regarde_le, row.constat = now, constat.mots
        row.echecs = row.echecs + 1 if constat.repond is False else 0
        row.mort_le = (row.mort_le or now) if row.echecs >= ECHECS else None
    LienSortant.objects.bulk_update(rows, ["regarde_le", "constat", "echecs", "mort_le"], batch_size=500)


@transaction.atomic
def follow() -> None:
    """Gives each address in a public record a row, and deletes other rows."""
    held: dict[tuple[int, str], int] = {
        (entree, adresse): pk for pk, entree, adresse in LienSortant.objects.values_list("pk", "entree", "adresse")
    }
    said = {(pk, address) for pk, found in links() for address in found}
    gone = [pk for key, pk in held.items() if key not in said]
    for start in range(0, len(gone), 500):
        LienSortant.objects.filter(pk__in=gone[start : start + 500]).delete()
    new = (LienSortant(entree_id=pk, adresse=address) for pk, address in sorted(said - held.keys()))
    LienSortant.objects.bulk_create(new, batch_size=500)


def links() -> Iterator[tuple[int, set[str]]]:
    """(key, addresses of other sites in it) for each public record that has some."""
    for declaration in registre.types():
        model = declaration.model
        fields = [field.name for field in model._meta.concrete_fields if isinstance(field, models.URLField)]
        rows = model.objects.published().order_by("pk").values_list("pk", *fields, *model.textes)
        for pk, *values in rows.iterator(chunk_size=500):
            found = {linkable(value) for value in values[: len(fields)] if value}
            found |= {url for text in values[len(fields) :] if text for _, url in addresses(text)}
            found = {url for url in found if url.startswith("http") and len(url) <= LONGUEUR}
            found = {url for url in found if not url.startswith(f"{settings.SITE_URL}/")}
            if found:
                yield pk, found
