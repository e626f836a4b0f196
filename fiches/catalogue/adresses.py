"""Addresses of a record type: list, its renderings by suffix, page of a record."""

from django.urls import path


def routes(adresse: str, list_view, detail_view) -> list:
    """/adresse/, /adresse.csv, /adresse/<slug>/, named list, csv, detail."""
    return [
        path(f"{adresse}/", list_view.as_view(), name="list"),
        path(f"{adresse}.csv", list_view.as_view(suffixe="csv"), name="csv"),
        path(f"{adresse}/<slug:slug>/", detail_view.as_view(), name="detail"),
    ]
