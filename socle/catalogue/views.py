"""Views of a public list. Each is a rendering of a Selection; the suffix of the address says which."""

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.generic import View

from socle.catalogue.columns import in_words
from socle.catalogue.fichier_csv import file_name, stream
from socle.catalogue.selection import Selection
from socle.catalogue.tuples import blocks

PRINTED = 500  # records of a list on paper, some thirty pages


class SelectionView(View):
    """The list of a record type: page by default, `suffixe="csv"` for the whole list as a file, "impression" on paper.

    A room gives `filterset_class`, and `columns` or `template_name` if what all types share does not do; `related` and
    `several` name the foreign keys and many-to-many fields that a card and a file print.
    """

    http_method_names = ["get", "head", "options"]
    filterset_class = None
    columns = ()
    template_name = "catalogue/liste.html"
    related: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    suffixe = ""
    per_page = 10  # with all its facets a page then holds fewer than 390 elements

    def select(self, request) -> Selection:
        """What is asked."""
        return Selection(self.filterset_class, request.GET)

    def for_cards(self, queryset):
        """`queryset` with all that a page prints."""
        return self.for_export(queryset)

    def for_export(self, queryset):
        """`queryset` with all that a file of the desk prints."""
        return queryset.select_related(*self.related).prefetch_related("themes", *self.several)

    def get_columns(self):
        """What a file prints, in order."""
        return self.columns

    def get(self, request):
        if not self.suffixe and (address := self._without_empty(request)):
            return redirect(address)
        return getattr(self, f"as_{self.suffixe or 'page'}")(self.select(request))

    @staticmethod
    def _without_empty(request) -> str:
        """The address without the boxes that a browser sent empty: one that can be passed on; "" if there are none."""
        pairs = [(name, value) for name, values in request.GET.lists() for value in values]
        filled = [(name, value) for name, value in pairs if value.strip()]
        if len(filled) == len(pairs):
            return ""
        return f"{request.path}?{urlencode(filled)}" if filled else request.path

    def summary(self, selection):
        """What a page says of the whole list, as context."""
        return {}

    def as_page(self, selection):
        paginator = Paginator(_Fiches(selection, self.for_cards), self.per_page)
        start, number = self._start(selection), self._number()
        unknown_page = not start and not 1 <= number <= paginator.num_pages
        page = _Suite(paginator, start) if start else paginator.page(1 if unknown_page else number)
        context = self.get_context(selection, page, unknown_page)
        return render(self.request, self.template_name, self.summary(selection) | context)

    def _start(self, selection) -> int:
        """Where the page begins that is asked by the record that it follows: no other moves it. 0 without any."""
        after = self.request.GET.get("apres", "")
        place = selection.position(int(after)) if after.isascii() and after.isdigit() and len(after) < 10 else None
        return 0 if place is None or place + 1 >= selection.total else place + 1

    def _number(self) -> int:
        """The number of the page asked, 0 for one that is none."""
        asked = self.request.GET.get("page", "1")
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0

    def get_context(self, selection, page, unknown_page):
        return {
            "selection": selection,
            "declaration": selection.declaration,
            "page": page,
            "page_inconnue": unknown_page,
            "numeros": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "csv_url": f"{self.request.path.rstrip('/')}.csv",
        }

    def as_csv(self, selection):
        if selection.errors:
            return self.refuse(selection)
        excel, model = self.request.GET.get("excel") in ("1", "oui"), self.filterset_class._meta.model
        columns = in_words(self.get_columns(), model) if excel else [column.of(model) for column in self.get_columns()]
        rows = blocks(columns, self.filterset_class.public_by_key(), selection.keys(), encoded=not excel)
        body = stream(columns, rows, excel=excel)
        response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
        name = file_name(selection.declaration.adresse, [chip.texte for chip in selection.chips])
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def as_impression(self, selection):
        """The whole list on one page, without filters around it; beyond PRINTED records, its beginning."""
        context = {
            "selection": selection,
            "declaration": selection.declaration,
            "fiches": _Fiches(selection, lambda rows: self.for_cards(rows).prefetch_related("themes"))[:PRINTED],
            "limite": PRINTED,
            "aujourdhui": timezone.localdate(),
        }
        return render(self.request, "catalogue/impression.html", context)

    def refuse(self, selection):
        """400 for a file: an empty or a whole list in answer to a misspelt filter would be a lie."""
        lines = ["Cette liste n’a pas été exportée, car un critère n’a pas été compris."]
        lines += [f"- {message}" for message in selection.messages]
        return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")


class _Suite(Page):
    """What follows a record: a page that begins at `start`, which may be no multiple of the others' length."""

    def __init__(self, paginator, start: int):
        rows = paginator.object_list[start : start + paginator.per_page]
        super().__init__(rows, start // paginator.per_page + 1, paginator)
        self.start = start

    def has_next(self):
        return self.start + self.paginator.per_page < self.paginator.count


class _Fiches:
    """The records of a selection in their order, read when they are asked for: keys first, then their rows.

    `read`: what adds to a queryset all that will be printed. A record that has gone meanwhile is left out.
    """

    def __init__(self, selection, read):
        self.selection, self.read = selection, read

    def count(self):
        return self.selection.total

    __len__ = count

    def __getitem__(self, index: slice) -> list:
        return self._rows(self.selection.keys(index.start or 0, index.stop))

    def _rows(self, keys) -> list:
        rows = {row.pk: row for row in self.read(self.selection.rows(keys))}
        return [rows[key] for key in keys if key in rows]
