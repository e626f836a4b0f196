"""All views of lists, in the order in which pages offer them, and the addresses of each record type."""

from functools import cache, partial

from django.urls import include, path

from socle.catalogue.views import SelectionView
from socle.journal.conditional import conditional
from socle.vues.api import API
from socle.vues.carte import CARTE, DESSINS_A_EMPORTER
from socle.vues.chiffres import CHIFFRES, CHIFFRES_CSV
from socle.vues.classeurs import ODS, XLSX
from socle.vues.comparaison import COMPARER, COMPARER_CSV, COMPARER_ODS, COMPARER_XLSX
from socle.vues.fichier_csv import CSV, CSV_POUR_TABLEUR
from socle.vues.fichier_json import JSON, JSONL
from socle.vues.flux import ATOM
from socle.vues.geojson import GEOJSON
from socle.vues.impression import IMPRESSION
from socle.vues.integrer import INTEGREE, INTEGRER, framed
from socle.vues.tableau import TABLEAU
from socle.vues.vue import Vue

VUES: list[Vue] = [
    TABLEAU,
    CARTE,
    CHIFFRES,
    CHIFFRES_CSV,
    *DESSINS_A_EMPORTER,
    XLSX,
    ODS,
    CSV_POUR_TABLEUR,
    CSV,
    JSON,
    JSONL,
    GEOJSON,
    ATOM,
    IMPRESSION,
    COMPARER,
    COMPARER_CSV,
    COMPARER_XLSX,
    COMPARER_ODS,
    INTEGRER,
    INTEGREE,
    API,
]


@cache
def vues(liste: type[SelectionView]) -> tuple[Vue, ...]:
    """The views of a list: common ones that suit it, then its own."""
    return *(vue for vue in VUES if vue.convient(liste)), *liste.vues


def reserves(declaration) -> set[str]:
    """Slugs that no record of a type may have: views stand there."""
    chemins = (vue.chemin for vue in (*VUES, *declaration.liste.vues))
    return {chemin.removeprefix("{}/").removesuffix("/") for chemin in chemins if chemin.startswith("{}/")}


def routes(declaration):
    """Addresses of a declared type: /adresse/, those of its views, /adresse/<slug>/.

    They are called list, csv…, detail in the namespace `espace`. Views in `racine` have no /adresse. Each answers 304
    to whoever has the present version; with `a_la_minute`, for a minute at most.
    """
    adresse, liste, page = declaration.adresse, declaration.liste, declaration.page
    kept = partial(conditional, by_minute=declaration.a_la_minute)
    patterns = [path(f"{adresse}/", kept(liste.as_view(declaration=declaration)), name="list")]
    for vue in (one for one in vues(liste) if one.chemin):
        # A file holds its list and nothing else; a page may name records of other types.
        types = declaration.types if vue.fichier else ()
        answer = kept(liste.as_view(declaration=declaration, vue=vue), types=types)
        patterns.append(path(_chemin(vue, declaration), framed(answer) if vue.encadrable else answer, name=vue.cle))
    if page:
        patterns.append(path(f"{adresse}/<slug:slug>/", kept(page.as_view()), name="detail"))
    return path("", include((patterns, declaration.espace)))


def _chemin(vue: Vue, declaration) -> str:
    return vue.chemin.removeprefix("{}/") if vue.cle in declaration.racine else vue.chemin.format(declaration.adresse)
