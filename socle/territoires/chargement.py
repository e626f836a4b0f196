"""Read the fixtures of the official geographic code, and bring the tables to what they say."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import models, transaction

from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.noms import DOSSIER

BATCH_SIZE = 2000  # rows written at once, so that a progress bar moves


class FixtureError(Exception):
    """A fixture file is missing or does not hold what it should. The message is for the operator, in French."""


@dataclass
class Count:
    """What loading one table did. `absent`: rows of the table that the file no longer has; they are kept."""

    nom: str
    nom_pluriel: str
    total: int = 0
    created: int = 0
    updated: int = 0
    absent: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


def parse_region(row: dict) -> Region:
    return Region(code=row["code"], nom=row["nom"])


def parse_departement(row: dict) -> Departement:
    return Departement(code=row["code"], nom=row["nom"], region_id=row["region"])


def parse_intercommunalite(row: dict) -> Intercommunalite:
    intercommunalite = Intercommunalite(code=row["code"], nom=row["nom"], nature=row["nature"])
    intercommunalite.fill_keys()
    return intercommunalite


def parse_commune(row: dict) -> Commune:
    """A row of communes.csv as a Commune; ValueError if a figure is none."""
    commune = Commune(
        code=row["code"],
        nom=row["nom"],
        departement_id=row["departement"],
        intercommunalite_id=row["intercommunalite"] or None,
        codes_postaux=row["codes_postaux"],
        population=int(row["population"]) if row["population"] else None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )
    commune.fill_keys()
    return commune


@dataclass(frozen=True)
class Table:
    """One file and the model it fills. `columns`: those of the file, in order. `links`: column → file it points to."""

    fichier: str
    model: type[models.Model]
    columns: tuple[str, ...]
    parse: Callable[[dict], models.Model]
    links: tuple[tuple[str, str], ...] = ()


TABLES = (
    Table("regions.csv", Region, ("code", "nom"), parse_region),
    Table(
        "departements.csv",
        Departement,
        ("code", "nom", "region"),
        parse_departement,
        links=(("region", "regions.csv"),),
    ),
    Table("intercommunalites.csv", Intercommunalite, ("code", "nom", "nature"), parse_intercommunalite),
    Table(
        "communes.csv",
        Commune,
        (
            "code",
            "nom",
            "departement",
            "intercommunalite",
            "codes_postaux",
            "population",
            "latitude",
            "longitude",
        ),
        parse_commune,
        links=(("departement", "departements.csv"), ("intercommunalite", "intercommunalites.csv")),
    ),
)  # in the order of their links


def read_table(table: Table, dossier: Path, codes: dict[str, set[str]]) -> Iterator[models.Model]:
    """Objects of one file, unsaved. `codes`: those of the files read before. Raises FixtureError."""
    path = dossier / table.fichier
    seen = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != table.columns:
                raise FixtureError(f"{path} : colonnes attendues : {', '.join(table.columns)}")
            for row in reader:
                line = f"{path}, ligne {reader.line_num}"
                if None in row or None in row.values() or not row["code"] or not row["nom"]:
                    raise FixtureError(f"{line} : ligne incomplète ou trop longue")
                if row["code"] in seen:
                    raise FixtureError(f"{line} : code en double : {row['code']}")
                for column, fichier in table.links:
                    if row[column] not in codes[fichier] and (row[column] or column != "intercommunalite"):
                        raise FixtureError(f"{line} : {column} inconnu : « {row[column]} »")
                seen.add(row["code"])
                try:
                    item = table.parse(row)
                except ValueError as error:
                    raise FixtureError(f"{line} : nombre illisible") from error
                yield item
    except FileNotFoundError as error:
        raise FixtureError(f"fichier introuvable : {path}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FixtureError(f"fichier illisible : {path} ({error})") from error
    if not seen:
        raise FixtureError(f"{path} : aucune ligne")
    codes[table.fichier] = seen


def read_tables(dossier: Path = DOSSIER) -> list[tuple[Table, list[models.Model]]]:
    """Every file read and checked, before anything is written. Raises FixtureError."""
    codes: dict[str, set[str]] = {}
    return [(table, list(read_table(table, dossier, codes))) for table in TABLES]


def save_table(model: type[models.Model], items: Iterable[models.Model]) -> Count:
    """Write those of `items` that the table does not hold as they are. Nothing is deleted: records point to it."""
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
def save_tables(tables: Iterable[tuple[Table, Iterable[models.Model]]]) -> list[Count]:
    """Bring the four tables to what the files say. Twice changes nothing."""
    return [save_table(table.model, items) for table, items in tables]
