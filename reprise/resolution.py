"""Puts what an editor decides on a text of the takeover into the record, in one version, and settles the anomaly.

Texts have the form that `as_text` writes.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from fiches.indexation import together
from fiches.models import Fiche
from fiches.suivi.comparaison import ADDED, REMOVED, Fragment, compare_texts
from fiches.textes import SEPARATEUR, as_text
from reprise import formulaires
from reprise.lecture import Valeurs
from reprise.masking import words_of_source
from reprise.models import Anomalie, Origine
from socle.francais.valeurs import TYPED, Illisible, as_words, read_words
from socle.vie_privee.public_text import TextesPublics, as_written


class DecisionRefusee(Exception):
    """A field cannot hold its text, so nothing is changed. The message, in French, gives the reason."""


@dataclass(frozen=True)
class DeuxCotes:
    """A field whose text differs here and on the old site; each side marks the words that only it has."""

    label: str
    ici: list[Fragment]
    ancien_site: list[Fragment]


def differences(row: models.Model, valeurs: dict[str, str]) -> dict[str, tuple[str, str]]:
    """{field: (our text, the old site's text)} where they differ, in the order of the form.

    Compares the original words in place of masked ones, unless somebody has changed the text since.
    """
    row = as_written(row) if isinstance(row, TextesPublics) else row
    names = [field.name if field.name in valeurs else field.attname for field in row._meta.concrete_fields]
    names += [field.name for field in row._meta.many_to_many]
    told = {name: (as_text(getattr(row, name)), valeurs[name]) for name in names if name in valeurs}
    return {name: sides for name, sides in told.items() if sides[0] != sides[1]}


def ecarts(row: models.Model, valeurs: dict[str, str]) -> list[DeuxCotes]:
    model, found = type(row), []
    for champ, sides in differences(row, valeurs).items():
        pieces = compare_texts(*(readable(model, champ, text) for text in sides))
        ici, ancien_site = ([one for one in pieces if one.kind != other] for other in (ADDED, REMOVED))
        found.append(DeuxCotes(label_of(model, champ), ici, ancien_site))
    return found


def what_is_shown(row: models.Model, valeurs: dict[str, str]) -> str:
    """Fingerprint of the differences that a page showed: if it changes, the decision is asked again."""
    return hashlib.sha256(json.dumps(differences(row, valeurs)).encode()).hexdigest()


def in_words(model: type[models.Model], valeurs: dict[str, str]) -> str:
    """One text of several fields, each after its label."""
    return "\n\n".join(f"{label_of(model, champ)} : {readable(model, champ, t)}" for champ, t in valeurs.items())


def readable(model: type[models.Model], champ: str, texte: str) -> str:
    """A text of the takeover as people read it: names for keys, one value per line."""
    try:
        field = model._meta.get_field(champ)
    except FieldDoesNotExist:
        return texte
    if field.many_to_many:
        return "\n".join(texte.split(SEPARATEUR))
    if field.is_relation and texte and champ == field.attname:
        return as_words(field, texte, TYPED)
    if isinstance(field, models.DateTimeField | models.DecimalField):
        with suppress(Illisible):
            return as_words(field, read_words(field, texte))
    return str(dict(field.flatchoices).get(texte, texte)) if field.choices else texte


@together()
def take_theirs(anomalie: Anomalie, *, user=None) -> Fiche:
    """Gives a record all that the old site says, in one version, so that it follows the old site again.

    Raises DecisionRefusee, with nothing changed, if a field cannot hold its text.
    """
    fiche = _locked(anomalie.entree.fiche)
    reprise = formulaires.get(anomalie.entree.type)
    values = theirs(fiche, anomalie.valeurs)
    reprise.prepare(fiche, values)
    _check(fiche, values)
    reprise.complete(fiche, Valeurs(values))
    names = ", ".join(label_of(type(fiche), champ) for champ in values)
    reason, masked = f"Texte de l’ancien site repris : {names}"[:100], words_of_source(fiche, values)
    fiche.change(values, reason=reason, user=user, decisions=masked)
    Anomalie.objects.filter(pk=anomalie.pk).settle(user)
    origine = Origine.objects.select_for_update().filter(pk=fiche.pk).first()
    if origine:
        origine.valeurs |= anomalie.valeurs
        origine.save(update_fields=["valeurs"])
    return fiche


def _check(fiche: Fiche, values: dict) -> None:
    for name, value in values.items():
        if not isinstance(value, list):
            setattr(fiche, name, value)
    try:
        fiche.clean()
        fiche.validate_constraints(exclude={"entree", "slug"})
    except ValidationError as error:
        raise DecisionRefusee(" ".join(error.messages)) from error


def field_of(anomalie: Anomalie) -> str:
    """The field for a removed text; "" if unknown."""
    reprise = formulaires.get(anomalie.entree.type) if anomalie.entree else None
    return reprise.field_of(anomalie.champ) if reprise else ""


@together()
def put_back(anomalie: Anomalie, *, user=None) -> Fiche:
    """Puts a removed text back at the end of its field, and settles the anomaly.

    Raises Illisible, with nothing changed, if the text belongs to no field.
    """
    champ = field_of(anomalie)
    if not champ:
        raise Illisible("ce texte ne vient d’aucun champ connu de la fiche. Copiez-le vous-même si vous le gardez")
    fiche = _locked(anomalie.entree.fiche)
    between = "\n" if isinstance(fiche._meta.get_field(champ), models.TextField) else " "
    said = between.join(filter(None, (getattr(fiche, champ), anomalie.texte)))
    values = {champ: value_of(fiche, champ, said)}
    fiche.change(values, reason="Texte écarté remis", user=user, decisions=words_of_source(fiche, values))
    Anomalie.objects.filter(pk=anomalie.pk).settle(user)
    return fiche


def _locked(fiche: Fiche) -> Fiche:
    return type(fiche)._default_manager.select_for_update(of=("self",)).get(pk=fiche.pk)


def label_of(model: type[models.Model], champ: str) -> str:
    """The label of a field, found by its name or its column; `champ` if the field is gone."""
    try:
        return str(model._meta.get_field(champ).verbose_name)
    except FieldDoesNotExist:
        return champ


def value_of(record: models.Model, champ: str, texte: str):
    """The value that `texte` means for a field: rows for several choices, a key for the column of a foreign key.

    Raises Illisible if the field cannot hold the text.
    """
    try:
        field = record._meta.get_field(champ)
    except FieldDoesNotExist as error:
        raise Illisible("ce champ n’existe plus") from error
    value = read_words(field, texte)
    return value.pk if isinstance(value, models.Model) and champ == field.attname else value


def theirs(row: models.Model, texts: dict[str, str]) -> dict:
    """The values of `texts` that differ from the row, except those of fields that are gone.

    Raises DecisionRefusee if a field cannot hold its text.
    """
    values, refused = {}, []
    for champ, (_, texte) in differences(row, texts).items():
        try:
            values[champ] = value_of(row, champ, texte)
        except Illisible as error:
            refused.append(f"{label_of(type(row), champ)} : {error}")
    if refused:
        raise DecisionRefusee(" ; ".join(refused))
    return values
