"""The revisions of a record, and the return to one. Both histories, merges and imports depend on it."""

from copy import copy

from django.db import models, transaction

from fiches.models import Fiche
from fiches.mots_prives import newly_shown
from fiches.suivi.comparaison import choices_of, compared_fields, state
from socle.vie_privee.public_text import public_fields
from socle.vie_privee.questions import MotPrive, decisions


class MovedOn(Exception):
    """The record has a newer version than the editor saw."""


def revisions(model: type[Fiche], pk):
    """The revisions of a record, newest first, with authors and choices prefetched."""
    return (
        model.history.filter(**{model._meta.pk.attname: pk})
        .select_related("history_user")
        .prefetch_related(*choices_of(model.history.model))
        .order_by("-history_id")
    )


def author(record) -> str:
    return name_of(record.history_user)


def name_of(user) -> str:
    """The name to print; None stands for an automatic task."""
    return user.nom_affiche if user else "une tâche automatique"


def with_changes(newest_first: list) -> list[tuple]:
    """[(revision, its state, the state before it)]; None before the oldest."""
    states = [state(record) for record in newest_first]
    return list(zip(newest_first, states, [*states[1:], None], strict=True))


def unmoved(model, record, seen: int):
    """The row of the version `record`, locked. MovedOn if it left version `seen`."""
    row = model._default_manager.select_for_update(of=("self",)).get(pk=getattr(record, model._meta.pk.attname))
    if row.version != seen:
        raise MovedOn(row)
    return row


def shown_by(fiche: Fiche, record) -> list[MotPrive]:
    """Private words in a version that the record does not show to the public now."""
    then = copy(fiche)
    for field in public_fields(type(fiche)):
        setattr(then, field.attname, getattr(record, field.attname))
    return newly_shown(then)


@transaction.atomic
def restore(
    model: type[Fiche], record, *, seen: int, reason: str = "", user=None, dates=False, prives=(), par=""
) -> Fiche:
    """Restores `record`, a revision, as a new one; returns the saved record.

    MovedOn if the record left version `seen`. The state of publication stays. The slug comes back if free; rows that
    are gone (a commune, a theme) are left out; automatic themes follow the text, chosen ones come back. `dates`:
    restore dates too. `prives`: private words, with the decision of `par` on each; others are masked.
    """
    fiche = unmoved(model, record, seen)
    then, values = state(record), {}
    for field in compared_fields(model):
        if field.many_to_many:
            values[field.name] = field.related_model._base_manager.filter(pk__in=then[field.name])
        elif field.name not in ("statut", "slug"):
            values[field.attname] = _existing(field, getattr(record, field.attname))
    if not fiche._is_taken(record.slug):
        values["slug"] = record.slug
    if record.themes_automatiques:
        del values["themes"]
        values["themes_automatiques"] = True
    if dates:
        values |= {"modifiee_le": record.modifiee_le, "datee": record.datee}
    said = {mot.cle: mot for mot in prives}
    mots = [said.get(mot.cle, mot) for mot in shown_by(fiche, record)] if fiche.is_publiee else []
    return fiche.change(
        values,
        reason=reason or f"Version {record.version} restaurée",
        user=user,
        touch=not dates,
        decisions=decisions(mots, par=par),
    )


def _existing(field: models.Field, value):
    if value is None or not field.is_relation:
        return value
    return value if field.related_model._base_manager.filter(pk=value).exists() else None
