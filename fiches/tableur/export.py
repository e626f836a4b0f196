"""Any list of the desk as a file, with its filters, search and order.

Records have the columns that an import reads back, in the words of editors; other lists those that they show. CSV is
streamed, as spreadsheets open it; a workbook holds as many rows as can be read back.
"""

import html
from itertools import chain, islice

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_value, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header

from fiches import registre
from fiches.acces import admin_url
from fiches.models import Fiche
from fiches.tableur.importation import columns_of
from socle.catalogue.columns import BLOCK, Column, blocks_of, in_words
from socle.catalogue.fichier_csv import file_name, stream
from socle.francais.valeurs import FILE, as_words
from socle.francais.wording import entier
from socle.tableur import classeur

CSV, XLSX = "csv", "xlsx"
TYPES = {CSV: "text/csv; charset=utf-8", XLSX: classeur.XLSX}


def export_view(site: admin.AdminSite, request, app: str, modele: str, format: str) -> HttpResponseBase:
    """/admin/exporter/<app>/<model>.<format>?<query of the list>: the whole list, for whoever may read it."""
    found = [one for model, one in site._registry.items() if model._meta.label_lower == f"{app}.{modele}"]
    if not found or format not in TYPES:
        raise Http404("Cette liste n’existe pas.")
    (model_admin,) = found
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    address = admin_url(model_admin.model, "changelist")
    try:
        cl = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        message = "Cette liste n’a pas été exportée, car un de ses filtres n’a pas été compris."
        model_admin.message_user(request, message, messages.ERROR)
        return redirect(address)
    made = export(model_admin, request, cl.queryset, format, _criteria(cl))
    return made or redirect(f"{address}?{request.GET.urlencode()}")


def _criteria(cl) -> list[str]:
    """The words and filters of a list of records, for the name of the file; none for persons."""
    if not issubclass(cl.model, Fiche):
        return []
    chosen = [
        str(choice["display"])
        for spec in cl.filter_specs
        for number, choice in enumerate(spec.choices(cl))
        if number and choice["selected"]  # the first choice is « tous »
    ]
    return [cl.query, *chosen]


def export(model_admin, request, queryset, format: str, criteria=()) -> HttpResponseBase | None:
    """The rows as a file; None, and a message, if a file of that format cannot hold them.

    `criteria`: words for its name.
    """
    if format == XLSX and (count := queryset.count()) > classeur.ROWS:
        message = (
            f"Cette liste a {entier(count)} lignes : un classeur en contient {entier(classeur.ROWS)} au plus. "
            "Filtrez la liste, ou prenez le CSV."
        )
        model_admin.message_user(request, message, messages.ERROR)
        return None
    if noted := getattr(model_admin, "exporting", None):  # a list of persons notes who exports it
        noted(request, queryset, format)
    columns, blocks = _table(model_admin, request, queryset)
    of_records = issubclass(queryset.model, Fiche)
    what = registre.for_model(queryset.model).adresse if of_records else model_admin.opts.model_name
    name = file_name(what, criteria, format)
    columns = in_words(columns, queryset.model) if of_records else columns
    if format == XLSX:
        data = classeur.write(columns, blocks, str(model_admin.opts.verbose_name_plural))
        response = HttpResponse(data, content_type=TYPES[format])
    else:
        response = StreamingHttpResponse(stream(columns, blocks, excel=True), content_type=TYPES[format])
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _blocks(queryset):
    rows = queryset.iterator(chunk_size=BLOCK)
    while block := list(islice(rows, BLOCK)):
        yield block


def _table(model_admin, request, queryset):
    """(columns of the file, what they read of the rows, in blocks)."""
    if issubclass(model_admin.model, Fiche):
        declaration = registre.for_model(model_admin.model)
        columns = [column.of(declaration.model) for column in columns_of(declaration)]
        rows = chain.from_iterable(_blocks(declaration.liste().for_export(queryset)))
        return columns, blocks_of(columns, rows)
    names = [name for name in model_admin.get_list_display(request) if name != "action_checkbox"]
    names += [name for name in getattr(model_admin, "exported", ()) if name not in names]
    several = [field.name for field in model_admin.opts.many_to_many if field.name in names]
    columns = [Column(str(label_for_field(name, model_admin.model, model_admin)), (name,)) for name in names]
    blocks = _blocks(queryset.prefetch_related(*several))
    return columns, ({name: [_shown(model_admin, name, row) for row in block] for name in names} for block in blocks)


def _shown(model_admin, name: str, row) -> str:
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None:
        return as_words(field, value, FILE)
    if isinstance(value, bool):
        return "oui" if value else "non"
    # A column that the list computes may hold links.
    shown = str(display_for_value(value, ""))
    return html.unescape(strip_tags(shown)) if hasattr(value, "__html__") else shown


def _action(format: str, description: str):
    @admin.action(description=description, permissions=["view"])
    def export_selected(model_admin, request, queryset):
        return export(model_admin, request, queryset, format)

    export_selected.__name__ = f"exporter_{format}"
    return export_selected


ACTIONS = [_action(CSV, "Exporter en CSV"), _action(XLSX, "Exporter en classeur XLSX")]
