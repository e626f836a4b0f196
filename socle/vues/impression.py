"""The whole list on one page to print, without filters; at most PRINTED records."""

from django.shortcuts import render
from django.utils import timezone

from socle.catalogue.views import Fiches
from socle.vues.vue import Vue

PRINTED = 500  # records, about thirty pages


def as_impression(view, selection):
    mesure = selection.filterset.mesure
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "fiches": Fiches(selection, lambda rows: view.for_cards(rows).prefetch_related("themes"))[:PRINTED],
        "limite": PRINTED,
        "aujourdhui": timezone.localdate(),
        "chiffres": selection.list_sets.chiffres(selection.records) if mesure else None,
    }
    return render(view.request, "catalogue/impression.html", context)


IMPRESSION = Vue(
    "imprimer",
    "{}-a-imprimer/",
    as_impression,
    convient=lambda liste: liste.imprimable,
    rubrique="papier",
    mots="La liste à imprimer",
)
