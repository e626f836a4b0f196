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
class Offre:
    """How the panel « Emporter cette liste » offers a view: under which heading (`emporter.RUBRIQUES`), "" for what
    another view leads to and the site map alone offers, by which words, with which parameters beside those of the
    selection; beyond `limite` rows it says why it cannot. `schema`: that of its address, where a program of the
    reader's is to open it, not the browser."""

    rubrique: str
    mots: str
    demande: tuple[tuple[str, str], ...] = ()
    limite: int = 0
    schema: str = ""


@dataclass(frozen=True)
class Vue:
    """One rendering.

    `cle`: the name of its address, `projets:carte`. `chemin`: that address, `{}` for the list's (« {}.csv »). `repond`:
    what answers, given the view of the list at work (its request, its columns) and the selection. `convient`: which
    lists have it. `onglet`, `icone`: its tab among those of a list, if it has one. `offres`: where the panel
    « Emporter » offers it. `flux`: the MIME type under which heads of pages announce it. `fichier`: what is malformed
    is answered by 400, not by a message on a page; `verifie`: what reads, before, what such a file is asked beside the
    criteria. `type_mime`: that of a file, for catalogues of data; `conforme`: the
    address of the schema that it follows. `garde`: parameters that are no criterion and that its links keep.
    `encadrable`: whether pages of other sites may show it in a frame. `ailleurs`: the name of its address, `{}` for the
    list's namespace, if none beside the list answers it (its `chemin` is "" then).
    """

    cle: str
    chemin: str
    repond: Reponse
    convient: Callable[[type[SelectionView]], bool] = lambda liste: True
    onglet: str = ""
    icone: str = ""
    offres: tuple[Offre, ...] = ()
    flux: str = ""
    fichier: bool = False
    type_mime: str = ""
    conforme: str = ""
    garde: tuple[str, ...] = ()
    ailleurs: str = ""
    verifie: Callable[[SelectionView, Selection], object] = lambda view, selection: None
    encadrable: bool = False

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
    query = selection.query_string(garde=vue.garde, **more)
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
