"""Reads the fixtures of the official geographic code and updates the tables. For `manage.py charger_referentiels`."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction

from socle.territoires.models import Commune, Departement, Intercommunalite, Region

BATCH_SIZE = 2000  # rows per write, so that a progress bar moves


class FixtureError(Exception):
    """A fixture file is missing or wrong. The message is for the operator, in French."""


@dataclass
class Count:
    """What loading one table did. `absent`: rows that the file does not have; they are kept."""

    nom: str
    nom_pluriel: str
    total: int = 0
    created: int = 0
    updated: int = 0
    absent: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


# A table comes after those that it points to. The columns of a file are the editable fields of its model.
TABLES = {
    Region: "regions.csv",
    Departement: "departements.csv",
    Intercommunalite: "intercommunalites.csv",
    Commune: "communes.csv",
}


def parse(model: type[models.Model], fields: list[models.Field], row: dict[str, str]) -> models.Model:
    """An unsaved object from a row. ValidationError if a number cannot be read."""
    item = model()
    for field in fields:
        text = row[field.name]
        setattr(item, field.attname, field.to_python(text) if text or not field.null else None)
    if hasattr(item, "fill_keys"):
        item.fill_keys()
    return item


def read_table(model: type[models.Model], dossier: Path, codes: dict[type, set[str]]) -> Iterator[models.Model]:
    """Unsaved objects of one file. `codes`: those of the files already read. Raises FixtureError."""
    path, fields = dossier / TABLES[model], [field for field in model._meta.concrete_fields if field.editable]
    columns, links = [field.name for field in fields], [field for field in fields if field.is_relation]
    seen = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if reader.fieldnames != columns:
                raise FixtureError(f"{path} : colonnes attendues : {', '.join(columns)}")
            for row in reader:
                line = f"{path}, ligne {reader.line_num}"
                if None in row or None in row.values() or not row["code"] or not row["nom"]:
                    raise FixtureError(f"{line} : ligne incomplète ou trop longue")
                if row["code"] in seen:
                    raise FixtureError(f"{line} : code en double : {row['code']}")
                for link in links:
                    code = row[link.name]
                    if code not in codes[link.related_model] and (code or not link.null):
                        raise FixtureError(f"{line} : {link.name} inconnu : « {code} »")
                seen.add(row["code"])
                try:
                    item = parse(model, fields, row)
                except ValidationError as error:
                    raise FixtureError(f"{line} : nombre illisible") from error
                yield item
    except FileNotFoundError as error:
        raise FixtureError(f"fichier introuvable : {path}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FixtureError(f"fichier illisible : {path} ({error})") from error
    if not seen:
        raise FixtureError(f"{path} : aucune ligne")
    codes[model] = seen


def read_tables(dossier: Path) -> list[tuple[type[models.Model], list[models.Model]]]:
    """All files, checked before anything is written. Raises FixtureError."""
    codes: dict[type, set[str]] = {}
    return [(model, list(read_table(model, dossier, codes))) for model in TABLES]


def save_table(model: type[models.Model], items: Iterable[models.Model]) -> Count:
    """Write new and changed `items`. Nothing is deleted: records point to the rows."""
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    stored = {code: values for code, *values in model.objects.order_by().values_list("code", *fields)}
    count = Count(str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
    changed = []
    for item in items:
        count.total += 1
        values = stored.pop(item.pk, None)
        if values is None:
            count.created += 1
        elif values != [getattr(item, field) for field in fields]:
            count.updated += 1
        else:
            continue
        changed.append(item)
        if len(changed) == BATCH_SIZE:
            upsert(model, changed, fields)
            changed = []
    upsert(model, changed, fields)
    count.absent = len(stored)
    return count


def upsert(model: type[models.Model], items: list[models.Model], fields: list[str]) -> None:
    model.objects.bulk_create(items, update_conflicts=True, unique_fields=["code"], update_fields=fields)


@transaction.atomic
def save_tables(tables: Iterable[tuple[type[models.Model], Iterable[models.Model]]]) -> list[Count]:
    """Bring the four tables to what the files say. Running it twice changes nothing."""
    return [save_table(model, items) for model, items in tables]
