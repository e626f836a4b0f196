"""What the tests of the spreadsheet share: a record of each type with every column filled, files, edits."""

import csv
import io
from datetime import UTC, date, datetime

from django.db import models
from openpyxl import Workbook, load_workbook

from fiches.choice_lists import Choix, Theme
from fiches.tableur.cellules import CodeDeCommune, DepartementCode, NomDeCommune, UneParLigne
from fiches.tableur.importation import columns_of, importation_of
from socle.catalogue.columns import blocks_of, in_words
from socle.catalogue.fichier_csv import stream
from socle.francais.identifiants import RnaField, SiretField
from socle.tableur import classeur
from tests.factories import ThemeFactory, factory_of

SIRET, RNA = "00000001800010", "W000000001"  # of nobody; the first has zeros that spreadsheets drop
DANGEROUS = "- un tiret\n=1+1 ; « cas » | 'fin"


def choices(cellule):
    """Three values of the list that a column chooses from."""
    liste = cellule.champ.get_limit_choices_to()["liste"]
    return [Choix.objects.get_or_create(liste=liste, nom=f"Valeur {n} de {liste}")[0] for n in (1, 2, 3)]


def full(declaration, **more):
    """A published record of a type with a value in every column that is read back."""
    values, several = {"titre": "Une fiche « à corriger »"}, {}
    reader = importation_of(declaration)(declaration)
    for nom, cellule in reader.cellules.items():
        field = cellule.champ
        if field.related_model is Theme or nom == "titre" or nom == "remplace":
            continue
        if field.many_to_many:
            several[nom] = choices(cellule)[:2]
        elif field.related_model is Choix:
            values[nom] = choices(cellule)[0]
        elif isinstance(field, models.URLField):
            values[nom] = "https://exemple.bzh/page"
        elif isinstance(cellule, UneParLigne):
            values[nom] = "un\ndeux"
        elif isinstance(cellule, DepartementCode):
            values[field.attname] = "22"
        elif isinstance(cellule, NomDeCommune | CodeDeCommune):
            values[field.attname] = "22050"
        elif isinstance(field, SiretField | RnaField):
            values[nom] = SIRET if isinstance(field, SiretField) else RNA
        elif field.choices:
            values[nom] = field.choices[0][0]
        elif isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            values[nom] = date(2027, 3, 1 + len(values))
        elif isinstance(field, models.DateTimeField):
            values[nom] = datetime(2027, 3, 1 + len(values), 9, 30, tzinfo=UTC)
        elif isinstance(field, models.DecimalField):
            values[nom] = 15000
        elif isinstance(field, models.BooleanField):
            values[nom] = False
        elif cellule.is_text:
            values[nom] = DANGEROUS if isinstance(field, models.TextField) else "'- Un texte"
        else:
            values[nom] = 7 if "tude" not in nom else 48.5
    fiche = factory_of(declaration.model)(themes=[ThemeFactory(nom="Accueil")], **(values | more))
    fiche.change(several)
    return type(fiche).objects.get(pk=fiche.pk)


def state(model):
    """All that an import could change of the records of a type."""
    rows = list(model.objects.order_by("pk").values(*(field.attname for field in model._meta.concrete_fields)))
    for row in rows:
        fiche = model.objects.get(pk=row["entree_id"])
        for field in model._meta.many_to_many:
            row[field.name] = sorted(getattr(fiche, field.name).values_list("pk", flat=True))
    return rows, model.history.count()


def queryset(declaration):
    return declaration.liste().for_export(declaration.model.objects.order_by("pk"))


def csv_of(declaration) -> bytes:
    columns = [column.of(declaration.model) for column in columns_of(declaration)]
    return b"".join(stream(columns, blocks_of(columns, queryset(declaration))))


def excel_of(declaration) -> bytes:
    columns = words_of(declaration)
    return b"".join(stream(columns, blocks_of(columns, queryset(declaration)), excel=True))


def words_of(declaration):
    return in_words(columns_of(declaration), declaration.model)


def xlsx_of(declaration, columns=None) -> bytes:
    columns = [column.of(declaration.model) for column in columns or columns_of(declaration)]
    return classeur.write(columns, blocks_of(columns, queryset(declaration)), declaration.titre)


def edit_csv(data: bytes, changes: dict[int, dict[str, str]], separator: str = ",") -> bytes:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))
    for row in rows:
        row.update(changes.get(int(next(iter(row.values()))), {}))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def edit_xlsx(data: bytes, changes: dict[int, dict[str, object]]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for nom, value in changes.get(row[0].value, {}).items():
            row[headings.index(nom)].value = value
    return saved(book)


def workbook(*rows, title="Feuille") -> Workbook:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
