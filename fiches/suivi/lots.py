"""One change to many records, each saved by itself, so that its entry, index and history follow.

Each block is one transaction, so that a long batch does not block others. A batch that stops has done whole blocks,
says so, and can be started again.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import DatabaseError

from fiches.choice_lists import Theme
from fiches.indexation import propose, together
from fiches.models import Fiche
from socle.annuaire.models import Statut
from socle.vie_privee.questions import MotPrive, decisions

logger = logging.getLogger(__name__)

BLOCK = 100
SUR_LA_LISTE = "Action sur la liste"  # start of the reason in the history

# The result for one record: a count of BilanDeLot.
SAVED, UNCHANGED, KEPT = "saved", "unchanged", "kept"


@dataclass
class BilanDeLot:
    """How many records were saved, found unchanged, or kept.

    Kept: an editor chose otherwise, or something depends on the record. `stopped`: the database failed before the end.
    """

    saved: int = 0
    unchanged: int = 0
    kept: int = 0
    stopped: bool = False

    def __add__(self, other):
        return BilanDeLot(
            self.saved + other.saved,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
            self.stopped or other.stopped,
        )


def in_blocks(queryset, change: Callable[[Fiche], str]) -> BilanDeLot:
    """Calls `change`, which returns SAVED, UNCHANGED or KEPT, for each record."""
    pks = list(queryset.order_by("pk").values_list("pk", flat=True))
    themes = list(Theme.objects.all())
    bilan = BilanDeLot()
    for start in range(0, len(pks), BLOCK):
        block = BilanDeLot()
        try:
            with together():
                for fiche in locked(queryset.model, pks[start : start + BLOCK]):
                    fiche.tous_les_themes = themes
                    became = change(fiche)
                    setattr(block, became, getattr(block, became) + 1)
        except DatabaseError:
            logger.exception("batch stopped after %s records of %s", start, len(pks))
            return bilan + BilanDeLot(stopped=True)
        bilan += block
    return bilan


def locked(model: type[Fiche], pks: list[int]) -> Iterator[Fiche]:
    """Locks records in the order of their keys, so that two batches never wait for each other."""
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=pks)
    yield from rows.order_by("pk").prefetch_related("themes")


def change_statut(queryset, statut: Statut, prives: Mapping[int, list[MotPrive]] | None = None, par="") -> BilanDeLot:
    """`prives`: {key: private words, with the decision on each}; `par`: who decided."""

    def change(fiche):
        if fiche.statut in (statut, Statut.CORBEILLE):
            return UNCHANGED
        if statut == Statut.CORBEILLE and not fiche.is_removable:
            return KEPT
        done = decisions((prives or {}).get(fiche.pk, ()), par=par)
        fiche.change({"statut": statut}, reason=f"{SUR_LA_LISTE} : {statut.label}", decisions=done)
        return SAVED

    return in_blocks(queryset, change)


# What a wish makes of the present and the picked themes. "add" and "replace" save automatic themes too, since they
# are now chosen; "remove" does not.
WISHES = {"add": set.union, "remove": set.difference, "replace": lambda present, picked: picked}


def wanted_themes(fiche: Fiche, wish: str, themes: set[Theme]) -> set[Theme] | None:
    """None if nothing changes."""
    present = set(fiche.themes.all())
    wanted = WISHES[wish](present, themes)
    return None if wanted == present and (wish == "remove" or not fiche.themes_automatiques) else wanted


def would_change(queryset, wish: str, themes) -> list[Fiche]:
    themes = set(themes)
    rows = queryset.prefetch_related("themes")
    return [fiche for fiche in rows if wanted_themes(fiche, wish, themes) is not None]


def choose_themes(queryset, wish: str, themes) -> BilanDeLot:
    """Changes themes; they then count as chosen, even if none is left."""
    themes = set(themes)

    def change(fiche):
        wanted = wanted_themes(fiche, wish, themes)
        if wanted is None:
            return UNCHANGED
        fiche.change({"themes": wanted}, reason=f"{SUR_LA_LISTE} : thèmes")
        return SAVED

    return in_blocks(queryset, change)


def propose_again(queryset, *, reset=False) -> BilanDeLot:
    """Gives records the themes that their words propose. Chosen themes stay, unless `reset`."""

    def change(fiche):
        if not fiche.themes_automatiques and not reset:
            return KEPT
        if fiche.themes_automatiques and set(propose(fiche)) == set(fiche.themes.all()):
            return UNCHANGED
        fiche.change({"themes_automatiques": True}, reason="Thèmes proposés d’après le texte")
        return SAVED

    return in_blocks(queryset, change)


def propose_everywhere(querysets: Iterable) -> BilanDeLot:
    """Like `propose_again`, for several types, once key words have changed."""
    bilan = BilanDeLot()
    for queryset in querysets:
        bilan += propose_again(queryset)
        if bilan.stopped:
            break
    return bilan
