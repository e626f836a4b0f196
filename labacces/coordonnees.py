"""« Coordonnées à regarder »: private words in public records that nobody has decided on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.http import HttpRequest

from fiches import registre
from fiches.acces import change_url, may_change, visible_types
from fiches.models import Fiche
from fiches.mots_prives import newly_shown, persons_of_all
from socle.annuaire.models import Entree
from socle.vie_privee.public_text import kept_of
from socle.vie_privee.questions import GARDER, MASQUER, MotPrive, answered, decisions

RAISON = "Coordonnées regardées"
READ, SHOWN = 2_000, 20  # records read for one page; records shown on it


@dataclass(frozen=True)
class FicheARegarder:
    """A public record, its form, and its private words."""

    entree: Entree
    adresse: str
    mots: list[MotPrive]


@dataclass(frozen=True)
class PageDeCoordonnees:
    """`apres`: the key to go on from, None at the end."""

    fiches: list[FicheARegarder]
    apres: int | None


def to_look_at(site, request: HttpRequest, apres: int = 0) -> PageDeCoordonnees:
    """Records after `apres` with private words, of types that this person may change.

    A few queries for each type, however many records.
    """
    entries = list(
        Entree.objects.published().filter(type__in=changeable_types(site, request), pk__gt=apres).order_by("pk")[:READ]
    )
    rows = {row.pk: row for row in _rows(entries)}
    persons = persons_of_all(rows)
    kept = {pk: found for some in _by_model(rows).values() for pk, found in kept_of(some).items()}
    found: list[FicheARegarder] = []
    for entree in entries:
        mots = newly_shown(rows[entree.pk], before={}, contacts=persons[entree.pk], kept=kept[entree.pk])
        if mots:
            mots = [replace(mot, prefixe=f"{entree.pk}-") for mot in mots]
            found.append(FicheARegarder(entree, change_url(entree), mots))
        if len(found) == SHOWN:
            return PageDeCoordonnees(found, entree.pk)
    return PageDeCoordonnees(found, entries[-1].pk if len(entries) == READ else None)


def changeable_types(site, request: HttpRequest) -> list[str]:
    return [one.cle for one, model_admin in visible_types(site, request) if model_admin.has_change_permission(request)]


def _rows(entries: list[Entree]) -> Iterator[Fiche]:
    for cle in {entree.type for entree in entries}:
        yield from registre.get(cle).model._default_manager.filter(
            pk__in=[entree.pk for entree in entries if entree.type == cle]
        )


def _by_model(rows: dict[int, Fiche]) -> dict[type[Fiche], list[Fiche]]:
    found: dict[type[Fiche], list[Fiche]] = {}
    for row in rows.values():
        found.setdefault(type(row), []).append(row)
    return found


@dataclass
class BilanDesMots:
    """How many records were saved; how many words and versions were masked, how many words kept."""

    fiches: int = 0
    masques: int = 0
    gardes: int = 0
    versions: int = 0


def settle(site, request: HttpRequest) -> BilanDesMots:
    """Apply the page's answers. Words without an answer stay, to be asked about again."""
    pks = {int(name.split("-")[1]) for name in request.POST if name.startswith("prive-") and _is_key(name)}
    bilan = BilanDesMots()
    for entree in Entree.objects.published().filter(pk__in=pks, type__in=changeable_types(site, request)):
        model = registre.get(entree.type).model
        with transaction.atomic():
            fiche = model._default_manager.select_for_update(of=("self",)).filter(pk=entree.pk).first()
            if fiche is None or not fiche.is_publiee or not may_change(request.user, fiche):
                continue
            mots = [replace(mot, prefixe=f"{fiche.pk}-") for mot in newly_shown(fiche, before={})]
            mots = answered(mots, request.POST)
            if said := [mot for mot in mots if mot.reponse]:
                done = decisions(said, par=request.user.get_username())
                fiche.change({}, reason=RAISON, user=request.user, touch=False, decisions=done)
                bilan.fiches += 1
                bilan.masques += sum(mot.reponse == MASQUER for mot in said)
                bilan.gardes += sum(mot.reponse == GARDER for mot in said)
                bilan.versions += fiche.versions_masquees
    return bilan


def _is_key(name: str) -> bool:
    part = name.split("-")[1]
    return part.isascii() and part.isdigit() and len(part) <= 18
