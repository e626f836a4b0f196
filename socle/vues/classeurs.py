"""The list as a workbook of Excel or LibreOffice: typed cells, headings in words, a sheet about its origin.

A workbook is written before it is sent, so its rows are bounded: a longer list is refused in words, not cut.
"""

from django.http import HttpResponse

from socle.francais.wording import entier
from socle.tableur import classeur, opendocument
from socle.vues.fichier_csv import named, table
from socle.vues.origine import amounts, leaf
from socle.vues.vue import Vue

LIMITE = f"Un classeur contient {entier(classeur.ROWS)} lignes au plus ; le CSV n’a pas de limite."


def _too_many(selection) -> HttpResponse:
    lines = (
        f"Cette liste a {entier(selection.total)} lignes, trop pour un classeur.",
        LIMITE,
        "Revenez à la liste et filtrez-la (un département, un thème…), ou prenez le CSV, qu’un tableur ouvre aussi.",
    )
    return HttpResponse("\n".join(lines) + "\n", status=413, content_type="text/plain; charset=utf-8")


def _workbook(view, selection, write, mime: str, format: str) -> HttpResponse:
    if selection.total > classeur.ROWS:
        return _too_many(selection)
    columns, blocks = table(view, selection.keys(), words=True)
    told = [*leaf(selection), *amounts(selection), ("Limite", LIMITE)]
    data = write(columns, blocks, selection.declaration.titre, told)
    return named(HttpResponse(data, content_type=mime), selection, format)


def as_xlsx(view, selection):
    return _workbook(view, selection, classeur.write, classeur.XLSX, "xlsx")


def as_ods(view, selection):
    return _workbook(view, selection, opendocument.write, opendocument.ODS, "ods")


XLSX = Vue(
    "xlsx",
    "{}.xlsx",
    as_xlsx,
    fichier=True,
    type_mime=classeur.XLSX,
    rubrique="tableur",
    mots="Excel (XLSX)",
    limite=classeur.ROWS,
)
ODS = Vue(
    "ods",
    "{}.ods",
    as_ods,
    fichier=True,
    type_mime=opendocument.ODS,
    rubrique="tableur",
    mots="LibreOffice (ODS)",
    limite=classeur.ROWS,
)
