"""The view of a public list: its page, and what all its other renderings start from.

Each record type extends `SelectionView`; socle/vues adds renderings.
"""

from django.core.paginator import Page, Paginator
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.generic import View

from socle.catalogue.columns import Column
from socle.catalogue.cursors import Curseur
from socle.catalogue.selection import Selection
from socle.francais.nombres import whole


class SelectionView(View):
    """The list of a record type: its page, or the rendering of another view (`vue`, socle/vues)."""

    http_method_names = ["get", "head", "options"]
    #: What a type gives: `filterset_class`, and `columns` (of files) or `template_name` if the common ones do not do.
    filterset_class = None
    declaration = None  # that of its room: whoever makes it answer an address passes it
    columns = ()
    template_name = "catalogue/liste.html"
    related: tuple[str, ...] = ()  #: foreign keys that cards and files print
    several: tuple[str, ...] = ()  #: many-to-many fields that they print
    vue = None  #: the view at work; None for the page
    vues: tuple = ()  #: views of this list, beside those of all lists
    imprimable = True  #: can be printed
    comparable = True  #: records can be compared
    position: tuple[str, ...] = ()  #: columns of the place of a record
    ou: tuple[Column, ...] = ()  #: columns that a comparison says instead of `position`
    tableau: tuple[str, ...] = ()  #: columns of a table by default, without the title; if empty, a few short ones
    #: {heading: columns} under which a table offers them. Other columns come first, long texts by themselves.
    groupes: dict[str, tuple[str, ...]] = {}
    sujets: dict[str, str] = {}  #: {column: short title}, if the words of its field are long
    suivre = "Être prévenu·e de ce qui est nouveau"  #: words of the link that offers mails on what is new
    a_suivre: tuple[tuple[str, str], ...] = ()  #: [(parameter, value)] that this link adds
    keeps: tuple[str, ...] = ("fiche",)  # parameters that links of the page keep: the records to compare
    per_page = 10  # a page with all its facets then has fewer than 390 elements

    def select(self, request) -> Selection:
        """What is asked of the records that the page, or the view at work, holds."""
        return Selection(self.declaration, request.GET, keeps=(self.vue or self).keeps)

    def for_cards(self, queryset):
        """`queryset` with all that a page prints."""
        return self.for_export(queryset)

    def for_export(self, queryset):
        """`queryset` with all that a file of the desk prints."""
        return queryset.select_related(*self.related).prefetch_related("themes", *self.several)

    def records(self, selection, keys) -> list:
        """The records `keys`, in that order, with all that a file prints."""
        return Fiches(selection, self.for_export).of(keys)

    def get_columns(self):
        """Columns of a file, in order."""
        return self.columns

    def get_compared(self):
        """Columns of a comparison, in order, title and address first."""
        return self.columns

    def get(self, request):
        if not (self.vue and self.vue.fichier) and (address := self._without_empty(request)):
            return redirect(address)
        selection = self.select(request)
        return self.vue.answer(self, selection) if self.vue else self.as_page(selection)

    @staticmethod
    def _without_empty(request) -> str:
        """The address without empty parameters, to be passed on; "" if there are none."""
        pairs = [(name, value) for name, values in request.GET.lists() for value in values]
        filled = [(name, value) for name, value in pairs if value.strip()]
        if len(filled) == len(pairs):
            return ""
        return f"{request.path}?{urlencode(filled)}" if filled else request.path

    def as_page(self, selection):
        cards = Fiches(selection, lambda rows: self.for_cards(selection.placed(rows)))
        paged = self.paged(selection, cards, self.per_page)
        context = self.get_context(selection, paged["page"], paged["page_inconnue"])
        return render(self.request, self.template_name, paged | context)

    def paged(self, selection, rows, per_page) -> dict:
        """Context: the page that is asked of `rows`, and the numbers of the others."""
        paginator = Paginator(rows, per_page)
        start, number = self._start(selection), whole(self.request.GET.get("page", "1"), 9) or 0
        unknown_page = not start and not 1 <= number <= paginator.num_pages
        page = _Suite(paginator, start) if start else paginator.page(1 if unknown_page else number)
        numeros = paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        return {"page": page, "page_inconnue": unknown_page, "numeros": numeros}

    def _start(self, selection) -> int:
        """Where the page begins that is asked by the record that it follows: no other moves it. 0 without any."""
        apres = self.request.GET.get("apres")
        curseur = Curseur.read(apres) if apres else None
        start = curseur and selection.following(curseur)
        return start if start and start < selection.total else 0

    def get_context(self, selection, page, unknown_page):
        return {"selection": selection, "declaration": selection.declaration}


class _Suite(Page):
    """A page that follows a record: `start` need not be a multiple of the page length."""

    def __init__(self, paginator, start: int):
        rows = paginator.object_list[start : start + paginator.per_page]
        super().__init__(rows, start // paginator.per_page + 1, paginator)
        self.start = start

    def has_next(self):
        return self.start + self.paginator.per_page < self.paginator.count


class Fiches:
    """The records of a selection in their order, read when asked for: first keys, then rows.

    `read`: adds to a queryset what will be printed. A record that has gone meanwhile is left out.
    """

    def __init__(self, selection, read):
        self.selection, self.read = selection, read

    def count(self):
        return self.selection.total

    __len__ = count

    def __getitem__(self, index: slice) -> list:
        return self.of(self.selection.keys(index.start or 0, index.stop))

    def of(self, keys) -> list:
        rows = {row.pk: row for row in self.read(self.selection.rows(keys))}
        return [rows[key] for key in keys if key in rows]
