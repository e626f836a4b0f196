"""The bin: a deleted record waits there, hidden, to be taken back or erased.

The desk and the daily purge depend on it.
"""

from functools import partial

from django.core.files.storage import Storage
from django.db import models, transaction

from fiches import registre
from fiches.models import Fiche
from fiches.revisions import HISTORIQUE
from fiches.suivi import departs
from socle.annuaire.models import Entree, Statut
from socle.annuaire.types import declared
from socle.journal.writing import lot

MISE, SORTIE = "Mise à la corbeille", "Sortie de la corbeille"


@transaction.atomic
def throw_away(fiche: Fiche, *, user=None) -> Fiche | None:
    """Puts a record into the bin. Returns it, or None if it is gone or something depends on it."""
    fiche = _locked(fiche)
    if fiche is None or not fiche.is_removable:
        return None
    return fiche.change({"statut": Statut.CORBEILLE}, reason=MISE, user=user)


@transaction.atomic
def take_back(fiche: Fiche, *, user=None) -> Fiche | None:
    """Gives a record of the bin its former state and dates; None if it has left the bin.

    It may become public again: whoever may delete may publish.
    """
    fiche = _locked(fiche)
    if fiche is None or fiche.statut != Statut.CORBEILLE:
        return None
    before = _before(fiche).values("modifiee_le", "datee").first()
    return fiche.change({"statut": state_before(fiche)} | (before or {}), reason=SORTIE, user=user, touch=not before)


def _locked(fiche: Fiche) -> Fiche | None:
    return type(fiche)._default_manager.select_for_update(of=("self",)).filter(pk=fiche.pk).first()


def state_before(fiche: Fiche) -> Statut:
    """The last state in the versions; withdrawn if they tell none."""
    return Statut(_before(fiche).values_list("statut", flat=True).first() or Statut.RETIREE)


def _before(fiche: Fiche):
    """The versions of a record outside the bin, last first."""
    return fiche.history.exclude(statut=Statut.CORBEILLE).order_by("-history_id")


def due(moment) -> list[Entree]:
    """Entries put into the bin before that moment. Nothing changes a record in the bin."""
    rows = Entree.objects.filter(statut=Statut.CORBEILLE, modifiee_le__lt=moment, type__in=declared())
    return list(rows.order_by("pk")) + departs.over(moment)


@lot()
def erase(entree: Entree) -> None:
    """Erases a record of the bin with versions, files and whatever depends on its entry.

    If its type has left the site, its entry stays, empty, to answer that the record is gone. If the tables of the type
    went too, the entry is erased once the type is back.
    """
    if not entree.is_of_a_type:
        return departs.empty(entree)
    model, pk = registre.get(entree.type).model, entree.pk
    fiche = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if fiche and fiche.statut != Statut.CORBEILLE:
        return  # somebody has just taken it back
    revisions = model.history.filter(entree_id=pk)
    files = list(_files(model, pk, revisions))
    entree.delete()
    for field in HISTORIQUE.get_m2m_fields_from_model(model):
        HISTORIQUE.m2m_models[field].objects.filter(history__in=revisions).delete()
    revisions.delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name), robust=True)


def _files(model: type[Fiche], pk: int, revisions) -> set[tuple[Storage, str]]:
    """The files that a record has or had, except those of other records."""
    found = set()
    for field in (one for one in model._meta.concrete_fields if isinstance(one, models.FileField)):
        for rows in (model.objects.filter(pk=pk), revisions):
            names = rows.exclude(**{field.name: ""}).values_list(field.name, flat=True)
            found |= {(field.storage, str(name)) for name in names}
        others = model.objects.exclude(pk=pk).filter(**{f"{field.name}__in": [name for _, name in found]})
        found -= {(field.storage, str(name)) for name in others.values_list(field.name, flat=True)}
    return found
