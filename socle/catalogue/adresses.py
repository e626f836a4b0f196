"""Addresses of the record types: list, its renderings by suffix, page of a record."""

from django.urls import include, path


def routes(declaration):
    """Of a declared type (its `adresse`, its views `liste` and `page`, its `model`): /adresse/, /adresse.csv,
    /adresse-a-imprimer/, /adresse/<slug>/, named list, csv, imprimer, detail.

    The namespace is the application's label.
    """
    adresse, liste, page = declaration.adresse, declaration.liste, declaration.page
    patterns = [
        path(f"{adresse}/", liste.as_view(), name="list"),
        path(f"{adresse}.csv", liste.as_view(suffixe="csv"), name="csv"),
        path(f"{adresse}-a-imprimer/", liste.as_view(suffixe="impression"), name="imprimer"),
        path(f"{adresse}/<slug:slug>/", page.as_view(), name="detail"),
    ]
    return path("", include((patterns, declaration.model._meta.app_label)))
