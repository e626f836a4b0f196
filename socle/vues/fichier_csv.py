"""The whole list as CSV: for programs, or with `?excel=1` for a French spreadsheet."""

from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from socle.catalogue.columns import Block, Column, in_words
from socle.catalogue.fichier_csv import file_name, stream
from socle.catalogue.tuples import blocks
from socle.vues import licence
from socle.vues.vue import Vue


def named(response, selection, format: str, what: str = ""):
    """The response with a file name of the list (or `what`), its filters and the day."""
    name = file_name(what or selection.declaration.adresse, selection.criteria, format)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def streamed(lines: Iterator[bytes], selection, what: str = "") -> StreamingHttpResponse:
    """Lines of CSV as a file with such a name."""
    return named(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), selection, "csv", what)


def table(
    view, keys: Iterable[int], *, words: bool = False, encoded: bool = False
) -> tuple[list[Column], Iterator[Block]]:
    """Columns of the list, and what they read of the public records `keys`, in their order, in blocks.

    `words`: columns for people, as in a spreadsheet. `encoded`: see `tuples.blocks`.
    """
    model = view.filterset_class._meta.model
    columns = [*view.get_columns(), licence.column(licence.chosen().nom)]
    columns = in_words(columns, model) if words else [column.of(model) for column in columns]
    return columns, blocks(columns, view.filterset_class.public_by_key(), keys, encoded=encoded)


def is_for_excel(request) -> bool:
    return request.GET.get("excel") in ("1", "oui")


def as_csv(view, selection):
    excel = is_for_excel(view.request)
    columns, rows = table(view, selection.keys(), words=excel, encoded=not excel)
    return streamed(stream(columns, rows, excel=excel), selection)


CSV = Vue(
    "csv",
    "{}.csv",
    as_csv,
    fichier=True,
    type_mime="text/csv",
    rubrique="donnees",
    mots="CSV, pour un programme",
)
CSV_POUR_TABLEUR = Vue(
    "csv-tableur",
    "",
    as_csv,
    ailleurs="{}:csv",
    fichier=True,
    rubrique="tableur",
    mots="CSV, pour un tableur",
    demande=(("excel", "1"),),
)
