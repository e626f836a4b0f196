"""Addresses of other sites that public records lead to: which answer no more. Off unless VERIFIER_LIENS says so.

An address is asked once a week, and taken for dead when it did not answer twice in a row. A record that leads to one is
to be read again (fraicheur.py).
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

A_LA_FOIS = 200  # addresses that a run asks
SEMAINE = timedelta(days=7)
ECHECS = 2  # in a row
PEU = 10  # addresses, of which none may ever have answered
PASSAGES = 3  # in which so few were silent: then it is they, not the network
PAUSE = 1  # second between two addresses
LONGUEUR = LienSortant._meta.get_field("adresse").max_length


@dataclass
class BilanDeLiens:
    """What a run found. `coupe`: no machine was heard at all, hence no link is said dead by it."""

    demandes: int = 0
    morts: int = 0
    coupe: bool = False


def check(tell: Callable = lambda asked: asked) -> BilanDeLiens:
    """Ask the addresses that nobody asked for a week, the longest first. `tell`: shows progress."""
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
    """Whether this machine seems to have no network: no other was heard, nor the one that answered last, asked again.

    That one tells a few sites that are gone, asked alone, from a network that is. Where none ever answered, the silence
    of a few is counted, and is theirs after PASSAGES: else two sites that are gone would stop the task each night. What
    this network refuses by itself is never theirs.
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
    """Have a row for each address that a public record leads to, and no other."""
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
    """(key, the addresses of other sites that it leads to) of each public record that leads to some."""
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
