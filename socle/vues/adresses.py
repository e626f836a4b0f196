"""Addresses of the record types: list, its views, page of a record."""

from functools import partial

from django.urls import include, path

from socle.memoire.conditional import conditional
from socle.vues.integrer import framed
from socle.vues.toutes import vues
from socle.vues.vue import Vue


def routes(declaration):
    """Of a declared type (its `adresse`, its views `liste` and `page`, its `espace`): /adresse/, those of its views,
    /adresse/<slug>/, named list, csv…, detail in the namespace `espace`. What its `racine` names has no /adresse.

    Each answers 304 to whoever holds it, for a minute at most if `a_la_minute`.
    """
    adresse, liste, page = declaration.adresse, declaration.liste, declaration.page
    kept = partial(conditional, by_minute=declaration.a_la_minute)
    patterns = [path(f"{adresse}/", kept(liste.as_view()), name="list")]
    for vue in (one for one in vues(declaration) if one.chemin):
        answer = kept(liste.as_view(vue=vue))
        patterns.append(path(_chemin(vue, declaration), framed(answer) if vue.encadrable else answer, name=vue.cle))
    if page:
        patterns.append(path(f"{adresse}/<slug:slug>/", kept(page.as_view()), name="detail"))
    return path("", include((patterns, declaration.espace)))


def _chemin(vue: Vue, declaration) -> str:
    return vue.chemin.removeprefix("{}/") if vue.cle in declaration.racine else vue.chemin.format(declaration.adresse)
