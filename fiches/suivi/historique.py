"""The versions of a record, and going back to one of them."""

from copy import copy

from django.db import models, transaction

from fiches.models import Fiche
from fiches.mots_prives import newly_shown
from fiches.suivi.comparaison import choices_of, compared_fields, state
from socle.vie_privee.public_text import public_fields
from socle.vie_privee.questions import MotPrive, decisions


class MovedOn(Exception):
    """The record has a newer version than the one that was looked at."""


def versions(model: type[Fiche], pk):
    """The versions of a record, newest first, with who saved them and what they choose."""
    return (
        model.history.filter(**{model._meta.pk.attname: pk})
        .select_related("history_user")
        .prefetch_related(*choices_of(model.history.model))
        .order_by("-history_id")
    )


def author(record) -> str:
    """Who saved a version, as a name to print."""
    return name_of(record.history_user)


def name_of(user) -> str:
    """The name to print of a user, None for a save that no person made."""
    return user.nom_affiche if user else "une tâche automatique"


def with_changes(newest_first: list) -> list[tuple]:
    """[(version, its state, the state before it)] of versions that follow one another; None before the last one."""
    states = [state(record) for record in newest_first]
    return list(zip(newest_first, states, [*states[1:], None], strict=True))


def unmoved(model, record, seen: int):
    """The row that `record` is a version of, locked; MovedOn if it is no longer at version `seen`."""
    row = model._default_manager.select_for_update(of=("self",)).get(pk=getattr(record, model._meta.pk.attname))
    if row.version != seen:
        raise MovedOn(row)
    return row


def shown_by(fiche: Fiche, record) -> list[MotPrive]:
    """Words of persons that a version of a record holds and that the public does not read in it now."""
    then = copy(fiche)
    for field in public_fields(type(fiche)):
        setattr(then, field.attname, getattr(record, field.attname))
    return newly_shown(then)


@transaction.atomic
def restore(
    model: type[Fiche], record, *, seen: int, reason: str = "", user=None, dates=False, prives=(), par=""
) -> Fiche:
    """Make a record what it was at `record`, one of its versions, as a new version; the record, saved.

    `seen`: the record's number of version that the editor looked at; MovedOn if it has changed since. Its state of
    publication stays: what is public changes only when someone publishes or withdraws. Its slug is taken back if it is
    free. What a version points to and is gone (a commune, a theme) is left out. Automatic themes follow the restored
    text; chosen ones are chosen again. `dates`: whether the day of its last change is that of then too. `prives`: words
    that it would show of persons, with what `par` said of each; those of which nothing is said are masked.
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
