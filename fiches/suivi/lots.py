"""One change to many records. Each goes through its own save, so that its entry, index and history follow."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from fiches import registre
from fiches.annuaire import propose
from fiches.models import Fiche, Statut

BLOCK = 200


@dataclass
class Bilan:
    """How many records a change reached: saved, left as they were already so, left because an editor had chosen."""

    saved: int = 0
    unchanged: int = 0
    kept: int = 0

    def __add__(self, other):
        return Bilan(self.saved + other.saved, self.unchanged + other.unchanged, self.kept + other.kept)


def locked(queryset) -> Iterator[Fiche]:
    """The records of `queryset`, locked block by block in the order of their keys, so that two batches never cross."""
    pks = list(queryset.order_by("pk").values_list("pk", flat=True))
    model = queryset.model
    for start in range(0, len(pks), BLOCK):
        rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=pks[start : start + BLOCK])
        yield from rows.order_by("pk").prefetch_related("themes")


@transaction.atomic
def change_statut(queryset, statut: Statut) -> Bilan:
    """Give every record of `queryset` the state `statut`."""
    bilan = Bilan()
    for fiche in locked(queryset):
        if fiche.statut == statut:
            bilan.unchanged += 1
            continue
        fiche.statut = statut
        fiche._change_reason = f"Action sur la liste : {statut.label}"
        fiche.save()
        bilan.saved += 1
    return bilan


@transaction.atomic
def add_themes(queryset, themes) -> Bilan:
    """Add `themes` to those of every record. They become the editor's choice, those it had automatically included."""
    return _choose(queryset, lambda present: present | set(themes), confirm=True)


@transaction.atomic
def remove_themes(queryset, themes) -> Bilan:
    """Take `themes` away. What is left is the editor's choice, even if it is none: no theme comes back by itself."""
    return _choose(queryset, lambda present: present - set(themes))


@transaction.atomic
def replace_themes(queryset, themes) -> Bilan:
    """Give every record exactly `themes`."""
    return _choose(queryset, lambda present: set(themes), confirm=True)


def _choose(queryset, change, *, confirm=False) -> Bilan:
    """Save the themes that `change` makes of each record's present ones.

    `confirm`: a record that already has them, but automatically, is saved as well, since they are now chosen.
    """
    bilan = Bilan()
    for fiche in locked(queryset):
        present = set(fiche.themes.all())
        wanted = change(present)
        if wanted == present and not (confirm and fiche.themes_automatiques):
            bilan.unchanged += 1
            continue
        fiche.themes_automatiques = False
        fiche._change_reason = "Action sur la liste : thèmes"
        fiche.save(finish=False)
        fiche.themes.set(wanted)
        fiche.finish()
        bilan.saved += 1
    return bilan


@transaction.atomic
def propose_again(queryset, *, reset=False) -> Bilan:
    """Give records the themes that their words propose. Those an editor chose are left alone, unless `reset`."""
    bilan = Bilan()
    for fiche in locked(queryset):
        if not fiche.themes_automatiques and not reset:
            bilan.kept += 1
        elif fiche.themes_automatiques and set(propose(fiche)) == set(fiche.themes.all()):
            bilan.unchanged += 1
        else:
            fiche.themes_automatiques = True
            fiche._change_reason = "Thèmes proposés d’après le texte"
            fiche.save()
            bilan.saved += 1
    return bilan


@transaction.atomic
def propose_everywhere() -> Bilan:
    """The same for every record of every type, after key words have changed. Chosen themes stay."""
    return sum((propose_again(declaration.model._default_manager.all()) for declaration in registre.types()), Bilan())
