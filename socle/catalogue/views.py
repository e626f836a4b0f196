"""The view of a public list: what all its renderings start from, and the page, which is the first of them."""

from django.core.paginator import Page, Paginator
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.generic import View

from socle.catalogue.columns import Column
from socle.catalogue.cursors import Curseur
from socle.catalogue.selection import Selection
from socle.francais.nombres import whole


class SelectionView(View):
    """The list of a record type: its page, or as another view (`vue`, socle/vues) renders what is asked.

    A room gives `filterset_class`, and `columns` or `template_name` if what all types share does not do; `related` and
    `several` name the foreign keys and many-to-many fields that a card and a file print. `vues`: views that it has
    beside those of all lists. `imprimable`, `comparable`: whether it can be printed, its records compared. `position`:
    names of the columns that say where a record is, of which a page that compares says `ou` instead. `tableau`:
    columns that a table shows unless others are asked, the title left out; without it a few short ones. `groupes`:
    {heading: columns} under which a table offers them; those that it does not name stand first, long texts by
    themselves. `sujets`: {column: a short title} where the words of a field are long. `suivre`: the words by which one
    asks to be told of what is new in it, `a_suivre`: [(parameter, value)] that these words ask besides.
    """

    http_method_names = ["get", "head", "options"]
    filterset_class = None
    declaration = None  # that of its room: whoever makes it answer an address passes it
    columns = ()
    template_name = "catalogue/liste.html"
    related: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    vue = None
    vues: tuple = ()
    imprimable = True
    comparable = True
    position: tuple[str, ...] = ()
    ou: tuple[Column, ...] = ()
    tableau: tuple[str, ...] = ()
    groupes: dict[str, tuple[str, ...]] = {}
    sujets: dict[str, str] = {}
    suivre = "Être prévenu·e de ce qui est nouveau"
    a_suivre: tuple[tuple[str, str], ...] = ()
    garde: tuple[str, ...] = ("fiche",)  # what the page keeps in its links: the records to compare
    per_page = 10  # with all its facets a page then holds fewer than 390 elements

    def select(self, request) -> Selection:
        """What is asked of the records that the page, or the view at work, holds."""
        return Selection(self.declaration, request.GET, garde=(self.vue or self).garde)

    def for_cards(self, queryset):
        """`queryset` with all that a page prints."""
        return self.for_export(queryset)

    def for_export(self, queryset):
        """`queryset` with all that a file of the desk prints."""
        return queryset.select_related(*self.related).prefetch_related("themes", *self.several)

    def records(self, selection, keys) -> list:
        """The records of these keys in their order, with all that a file prints."""
        return Fiches(selection, self.for_export).of(keys)

    def get_columns(self):
        """What a file prints, in order."""
        return self.columns

    def get_compared(self):
        """What a comparison says of each record, in order, its title and its address first."""
        return self.columns

    def get(self, request):
        if not (self.vue and self.vue.fichier) and (address := self._without_empty(request)):
            return redirect(address)
        selection = self.select(request)
        return self.vue.answer(self, selection) if self.vue else self.as_page(selection)

    @staticmethod
    def _without_empty(request) -> str:
        """The address without the boxes that a browser sent empty: one that can be passed on; "" if there are none."""
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
        """The page that is asked of rows of the selection, and the numbers of the others, as context."""
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
        """What else a page says."""
        return {"selection": selection, "declaration": selection.declaration}


class _Suite(Page):
    """What follows a record: a page that begins at `start`, which may be no multiple of the others' length."""

    def __init__(self, paginator, start: int):
        rows = paginator.object_list[start : start + paginator.per_page]
        super().__init__(rows, start // paginator.per_page + 1, paginator)
        self.start = start

    def has_next(self):
        return self.start + self.paginator.per_page < self.paginator.count


class Fiches:
    """The records of a selection in their order, read when they are asked for: keys first, then their rows.

    `read`: what adds to a queryset all that will be printed. A record that has gone meanwhile is left out.
    """

    def __init__(self, selection, read):
        self.selection, self.read = selection, read

    def count(self):
        return self.selection.total

    __len__ = count

    def __getitem__(self, index: slice) -> list:
        return self.of(self.selection.keys(index.start or 0, index.stop))

    def of(self, keys) -> list:
        """Those of these keys."""
        rows = {row.pk: row for row in self.read(self.selection.rows(keys))}
        return [rows[key] for key in keys if key in rows]
