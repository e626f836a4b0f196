"""The copy of a person's data for that person: French words, no key, no code, no internal number."""

import json
from collections.abc import Collection
from dataclasses import replace

from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from socle.francais.valeurs import FILE, as_words
from socle.vie_privee.conservation import Traitement, for_rows_of, source
from socle.vie_privee.public_text import TextesPublics, as_written

COPY = replace(FILE, timespec="seconds")


def tell(row: models.Model, *, sauf: Collection[str] = ()) -> dict:
    """{label: readable value} of a row and of those deleted with it; empty values are left out.

    `sauf`: fields that may name somebody else, left out of a copy that no staff reads first.
    """
    traitement = for_rows_of(type(row))
    if isinstance(row, TextesPublics):
        row = as_written(row)  # their own words, also where the public reads a mask
    told = {}
    for one in row._meta.concrete_fields:
        if not one.primary_key and one.name not in {*traitement.tus, *sauf}:
            told[label(traitement, one)] = _read(traitement, row, one)
    for one in row._meta.many_to_many:
        if one.name not in traitement.tus:
            told[label(traitement, one)] = sorted(map(str, getattr(row, one.name).all()))
    for name, champs in traitement.avec:
        other = apps.get_model(name)
        fields = [other._meta.get_field(champ) for champ in champs if champ not in traitement.tus]
        rows = [
            {str(one.verbose_name): said for one in fields if (said := _of_field(type(row), one, beside))}
            for beside in traitement.beside(name, [row.pk])
        ]
        if rows:
            told[str(other._meta.verbose_name_plural)] = rows
    return {name: said for name, said in told.items() if said != ""}


def label(traitement: Traitement | None, one: models.Field) -> str:
    return (traitement and traitement.libelles.get(one.name)) or str(one.verbose_name)


def text_told(model: type[models.Model], one: models.Field, text: str) -> str | None:
    """A text as a copy may show it; None if copies leave it out."""
    traitement = for_rows_of(source(model))
    if traitement and one.name in traitement.tus:
        return None
    words = traitement and traitement.mots.get(one.name)
    return words(text) if words else text


def _read(traitement: Traitement, row: models.Model, one: models.Field):
    words = traitement.mots.get(one.name)
    return words(getattr(row, one.attname)) if words else value(row, one)


def value(row: models.Model, one: models.Field, model: type[models.Model] | None = None):
    """The value of a field in words; "" if empty. `model`: whose fields it names, if not those of the row."""
    stored = getattr(row, one.attname)
    if isinstance(one, models.JSONField):
        if isinstance(stored, dict):
            labels = _labels(model or type(row))
            stored = {labels.get(name, name): said for name, said in stored.items()}
        return stored or ""
    words = as_words(one, getattr(row, one.name), COPY)
    return stored if words and isinstance(one, models.IntegerField) and not one.choices else words


def _of_field(model: type[models.Model], one: models.Field, beside: models.Model):
    """A related row's value. A field's name becomes its label."""
    said = value(beside, one, model)
    return _labels(model).get(said, said) if one.name == "champ" else said


def _labels(model: type[models.Model]) -> dict[str, str]:
    traitement = for_rows_of(model)
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {one.name: label(traitement, one) for one in fields} | (traitement.libelles if traitement else {})


def as_json(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_file(data: dict, nom: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, nom)}
    return HttpResponse(as_json(data), content_type="application/json; charset=utf-8", headers=headers)
