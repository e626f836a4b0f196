"""Addresses of the record types: list, its renderings by suffix, page of a record."""

from functools import partial

from django.urls import include, path

from socle.memoire.conditional import conditional


def routes(declaration):
    """Of a declared type (its `adresse`, its views `liste` and `page`, its `model`): /adresse/, /adresse.csv,
    /adresse-a-imprimer/, /adresse/<slug>/, named list, csv, imprimer, detail.

    Each answers 304 to whoever holds it, for a minute at most if `a_la_minute`. The namespace is the
    application's label.
    """
    adresse, liste, page = declaration.adresse, declaration.liste, declaration.page
    kept = partial(conditional, by_minute=declaration.a_la_minute)
    patterns = [
        path(f"{adresse}/", kept(liste.as_view()), name="list"),
        path(f"{adresse}.csv", kept(liste.as_view(suffixe="csv")), name="csv"),
        path(f"{adresse}-a-imprimer/", kept(liste.as_view(suffixe="impression")), name="imprimer"),
        path(f"{adresse}/<slug:slug>/", kept(page.as_view()), name="detail"),
    ]
    return path("", include((patterns, declaration.model._meta.app_label)))
