"""What the OpenAPI document says of a list: parameters, from its filters; answers, from its columns."""

from datetime import date, datetime
from functools import singledispatch

from django import forms
from django.db import models
from ninja import Field, Schema
from pydantic import create_model

from socle.catalogue.columns import Column, in_words
from socle.catalogue.filters import DepuisField, Facet, FacetField, MontantField
from socle.catalogue.selection import Selection
from socle.catalogue.tuples import fields_on

PAR_DEFAUT, AU_PLUS = 50, 1000  # records of an answer
GREATEST = 2**63 - 1  # the largest key in a database
SHOWN = 6  # values of a facet that are examples
NO_NUL = r"^[^\u0000]*$"


class Valeur(Schema):
    """A value of a facet."""

    model_config = {"json_schema_extra": {"description": "Une valeur d’un critère, et ce qu’elle donne."}}
    valeur: str = Field(description="Ce que le paramètre prend.")
    nom: str = Field(description="Comment la valeur se dit.")
    compte: int = Field(description="Combien de fiches on obtient en la choisissant, sous les autres critères.")


class LicenceDite(Schema):
    """The licence that was chosen."""

    model_config = {"json_schema_extra": {"description": "Sous quelle licence les fiches sont publiées."}}
    nom: str = Field(description="Son nom.")
    adresse: str = Field(description="Où la lire.")


# Answers


def record(model: type[models.Model], columns: list[Column]) -> type[Schema]:
    """The schema of a record as `objects` writes it. `columns`: those of the record type."""
    headings = [column.nom for column in in_words(columns, model)]
    fields = {
        column.nom: (_type(column, model), Field(description=heading))
        for column, heading in zip(columns, headings, strict=True)
    }
    return create_model(model.__name__, __base__=Schema, **fields)


def _type(column: Column, model: type[models.Model]):
    """The type of what a column says: null if empty, except for lists."""
    if column.nom == "identifiant":
        return int
    if column.several:
        return list[str]
    if column.logical:
        return bool | None
    last, *others = (fields_on(model, path)[-1] for path in column.paths)
    if column.numeric:
        return (float if isinstance(last, models.FloatField | models.DecimalField) else int) | None
    if isinstance(last, models.DateTimeField):
        return (date | datetime if others else datetime) | None  # its time of day may be unknown
    return (date if isinstance(last, models.DateField) else str) | None


def page(one: type[Schema]) -> type[Schema]:
    """The answer of a list."""
    return create_model(
        f"Liste{one.__name__}",
        __base__=Schema,
        total=(int, Field(description="Combien de fiches répondent aux critères, sur toutes les pages.")),
        phrase=(str, Field(description="Ce qui est demandé, en une phrase.")),
        corrige=(
            str | None,
            Field(description="La recherche à laquelle il est répondu, si un mot de `q` n’est dans aucune fiche."),
        ),
        au_moins_un_mot=(
            bool,
            Field(description="Aucune fiche n’a tous les mots cherchés : celles-ci en ont au moins un."),
        ),
        source=(str, Field(description="L’adresse de la même liste, à lire et à citer.")),
        licence=(LicenceDite | None, Field(description="La licence des fiches ; null tant qu’elle n’est pas choisie.")),
        changements=(str, Field(description="L’adresse qui dit ce qui change, pour tenir une copie à jour.")),
        suivant=(str | None, Field(description="L’adresse de la suite ; null à la fin.")),
        resultats=(list[one], Field(description="Les fiches, dans l’ordre demandé.")),
    )


def facets(one: type[Schema], filterset_class) -> type[Schema]:
    """The answer of the facets of a list."""
    filters = {name: filt for name, filt in filterset_class.base_filters.items() if isinstance(filt, Facet)}
    fields = {name: (list[Valeur], Field(description=filt.label)) for name, filt in filters.items()}
    return create_model(f"Facettes{one.__name__}", __base__=Schema, **fields)


# Parameters


def parameters(selection: Selection, *, paged: bool) -> list[dict]:
    """The parameters of a list. `selection`: of the whole list. `paged`: with those for order and paging."""
    found = [_parameter(selection, name, filt) for name, filt in selection.filterset.filters.items()]
    if not paged:
        return found
    tris = {"pertinence": "Pertinence, pour une recherche"} | {tri: label for tri, (label, _) in selection.tris.items()}
    if "autour" in selection.filterset.filters:
        tris["distance"] = "Distance, autour d’une commune"
    return [
        *found,
        query_parameter("tri", {"type": "string", "enum": list(tris)}, f"L’ordre des fiches : {_told(tris)}."),
        size_parameter("Combien de fiches au plus dans une réponse"),
        query_parameter(
            "apres",
            {"type": "string", "pattern": r"^[1-9][0-9]{0,9}(\.[A-Za-z0-9_-]+)?$"},
            "Où reprendre la liste, tel que « suivant » le donne : ne le calculez pas.",
        ),
    ]


def size_parameter(words: str) -> dict:
    schema = {"type": "integer", "minimum": 1, "maximum": AU_PLUS, "default": PAR_DEFAUT}
    return query_parameter("limite", schema, f"{words}, {AU_PLUS} au maximum.")


def query_parameter(name: str, schema: dict, description: str, **more) -> dict:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


def _told(values: dict[str, str]) -> str:
    return ", ".join(f"`{value}` ({name})" for value, name in values.items())


def _parameter(selection: Selection, name: str, filt) -> dict:
    field, says = selection.form.fields[name], f"{filt.label[:1].upper()}{filt.label[1:]}."
    if field.help_text:
        says += f" {field.help_text}."
    schema = _schema(field)
    if name not in selection.facets:
        return query_parameter(name, schema, says)
    if filt.choices:
        return query_parameter(name, schema, f"{says} {_told(filt.names)}.", style="form", explode=True)
    # Editors decide which values there are: these are examples.
    known = [one.valeur for one in selection.options(name, first=SHOWN)]
    if known:
        says += f" Par exemple {_told({value: filt.names[value] for value in known})} ; toutes : `/facettes`."
        schema["items"]["examples"] = known
    return query_parameter(name, schema, says, style="form", explode=True)


@singledispatch
def _schema(field: forms.Field) -> dict:
    """The schema of the values of a form field."""
    return {"type": "string", "pattern": NO_NUL}


@_schema.register
def _text(field: forms.CharField) -> dict:
    return {"type": "string", "pattern": NO_NUL} | ({"maxLength": field.max_length} if field.max_length else {})


@_schema.register
def _whole(field: forms.IntegerField) -> dict:
    return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}


@_schema.register
def _one(field: forms.ChoiceField) -> dict:
    return {"type": "string", "enum": [value for value, _ in field.choices]}


@_schema.register
def _since(field: DepuisField) -> dict:
    return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}


@_schema.register
def _amount(field: MontantField) -> dict:
    return {"type": "number", "minimum": 0, "maximum": 999_999_999_999}


@_schema.register
def _values(field: FacetField) -> dict:
    """Several values, joined by OR; those of a computed facet are fixed."""
    values = [value for value, _, _ in field.filtre.choices]
    return {"type": "array", "items": {"type": "string", "enum": values} if values else {"type": "string"}}
