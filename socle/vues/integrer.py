"""A list in a page of another site: a short list, and the page with the code to paste.

Only `framed` answers may stand in a frame of another site: they have links, and nothing to type or press.
"""

from dataclasses import dataclass, replace

from csp.decorators import csp_replace
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_exempt

from socle.catalogue.selection import Selection
from socle.catalogue.views import Fiches
from socle.francais.typographie import typographie
from socle.vues.vue import Vue

MONTREES = 10  # records


def framed(view):
    """`view`, for frames on any site. Its 304 too, since browsers take their headers."""
    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(view))


@dataclass(frozen=True)
class Encart:
    """A frame for a page of another site: content, name, size in pixels."""

    adresse: str
    titre: str
    hauteur: int
    largeur: int = 600

    def within(self, largeur: int | None, hauteur: int | None) -> "Encart":
        """The frame, at most `largeur` wide and `hauteur` high."""
        return replace(
            self, largeur=min(self.largeur, largeur or self.largeur), hauteur=min(self.hauteur, hauteur or self.hauteur)
        )

    @property
    def code(self) -> SafeString:
        """In its own size, for answers to machines."""
        return self._code(self.largeur)

    @property
    def code_souple(self) -> SafeString:
        """As wide as the page around it."""
        return self._code("100%")

    def _code(self, largeur) -> SafeString:
        return format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>',
            settings.SITE_URL + self.adresse,
            self.titre,
            largeur,
            self.hauteur,
        )


def as_integree(view, selection):
    fiches = Fiches(selection, view.for_cards)[:MONTREES]
    context = {"selection": selection, "declaration": selection.declaration, "fiches": fiches}
    return render(view.request, "vues/integree.html", context)


def as_integrer(view, selection):
    exemple = next(iter(Fiches(selection, view.for_cards)[:1]), None)
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "cadre": code_de_liste(selection),
        "montrees": MONTREES,
        "exemple": exemple,
        "code_de_fiche": code_de_fiche(exemple.pk, exemple.titre_affiche) if exemple else None,
    }
    return render(view.request, "vues/integrer.html", context)


INTEGREE = Vue(
    "integree",
    "integrer/{}/",
    as_integree,
    convient=lambda liste: liste.imprimable,
    encadrable=True,
)
INTEGRER = Vue(
    "integrer",
    "{}/integrer/",
    as_integrer,
    convient=lambda liste: liste.imprimable,
    rubrique="site",
    mots="Le code à coller",
)


def code_de_fiche(pk: int, titre: str) -> Encart:
    """The frame of a record, at an address that never changes."""
    return Encart(reverse("fiche-integree", args=[pk]), typographie(titre), hauteur=240)


def code_de_liste(selection: Selection) -> Encart:
    query = selection.query_string()
    adresse = INTEGREE.adresse(selection.declaration) + (f"?{query}" if query else "")
    return Encart(adresse, typographie(selection.phrase(sujet=selection.declaration.titre)), hauteur=600)
