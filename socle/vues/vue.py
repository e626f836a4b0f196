"""A view of a selection: one rendering, at an address beside that of the list.

    CARTE = Vue("carte", "{}/carte/", carte, onglet="Carte", icone="i-carte")

`toutes.py` lists them; a list may have its own (`SelectionView.vues`). Addresses, tabs, the panel « Emporter » and the
heads of pages follow from its declaration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from socle.catalogue.selection import Selection
from socle.catalogue.views import SelectionView
from socle.vues import licence
from socle.vues.origine import monitored

Reponse = Callable[[SelectionView, Selection], HttpResponseBase]


@dataclass(frozen=True)
class Vue:
    """One rendering of a list, and how pages offer it."""

    #: The name of its address, `projets:carte`.
    cle: str
    #: That address, `{}` for the list's (« {}.csv »).
    chemin: str
    #: What answers, given the view of the list at work (its request, its columns) and the selection.
    repond: Reponse

    #: Which lists have it.
    convient: Callable[[type[SelectionView]], bool] = lambda liste: True
    #: Parameters that are no criterion and that its links keep.
    keeps: tuple[str, ...] = ()
    #: The name of its address, `{}` for the list's namespace, if none of its own answers (its `chemin` is "" then).
    ailleurs: str = ""
    #: Whether pages of other sites may show it in a frame.
    encadrable: bool = False

    # A file
    #: Whether it is one: what is malformed is answered by 400, not by a message on a page.
    fichier: bool = False
    #: What reads, before, what it is asked beside the criteria.
    verifie: Callable[[SelectionView, Selection], object] = lambda view, selection: None
    #: Its MIME type, for catalogues of data.
    type_mime: str = ""
    #: The address of the schema that it follows.
    conforme: str = ""
    #: The MIME type under which heads of pages announce it, if it is a feed.
    flux: str = ""

    # Its tab among those of a list
    onglet: str = ""
    icone: str = ""

    # Its link in the panel « Emporter cette liste »
    #: The heading (`emporter.RUBRIQUES`); "" with `mots` for what another view leads to and the site map alone offers.
    rubrique: str = ""
    #: The words of the link.
    mots: str = ""
    #: The parameters of the link beside those of the selection.
    demande: tuple[tuple[str, str], ...] = ()
    #: Beyond so many rows the panel says why it cannot; 0 for no limit.
    limite: int = 0
    #: The schema of the link, where a program of the reader's is to open it, not the browser.
    schema: str = ""

    def answer(self, view: SelectionView, selection: Selection) -> HttpResponseBase:
        if self.fichier:
            self.verifie(view, selection)
            if selection.errors:
                return refuse(selection, view.request.path)
        response = self.repond(view, selection)
        return monitored(licence.linked(response)) if self.fichier and response.status_code == 200 else response

    def adresse(self, declaration) -> str:
        """The address of this view for the list of a declaration."""
        return address_of((self.ailleurs or f"{{}}:{self.cle}").format(declaration.espace))


def link(vue: Vue, selection: Selection, **more: str) -> str:
    """The address of a view of a selection, with its parameters."""
    query = selection.query_string(keeps=vue.keeps, **more)
    return vue.adresse(selection.declaration) + (f"?{query}" if query else "")


@cache
def address_of(name: str) -> str:
    """The address of a name without parameters, resolved once: a page prints about forty."""
    return reverse(name)


def refuse(selection: Selection, adresse: str) -> HttpResponse:
    """400 for a file, at `adresse`: answering an empty or whole list to a misspelt filter would be a lie."""
    lines = ["Cette liste n’a pas été exportée, car un critère n’a pas été compris."]
    lines += [f"- {message}" for message in selection.messages]
    query = selection.understood
    clean = f"{settings.SITE_URL}{adresse}{'?' if query else ''}{query}"
    lines.append(f"La même liste, sans ce qui n’a pas été compris : {clean}")
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")
