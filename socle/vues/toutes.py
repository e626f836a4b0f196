"""All the views that lists have, in the order in which pages offer them."""

from socle.vues.api import API
from socle.vues.carte import CARTE, DESSINS_A_EMPORTER
from socle.vues.chiffres import CHIFFRES, CHIFFRES_CSV
from socle.vues.classeurs import ODS, XLSX
from socle.vues.comparaison import COMPARER, COMPARER_CSV
from socle.vues.fichier_csv import CSV
from socle.vues.fichier_json import JSON, JSONL
from socle.vues.flux import ATOM
from socle.vues.geojson import GEOJSON
from socle.vues.impression import IMPRESSION
from socle.vues.integrer import INTEGREE, INTEGRER
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
    CSV,
    JSON,
    JSONL,
    GEOJSON,
    ATOM,
    IMPRESSION,
    COMPARER,
    COMPARER_CSV,
    INTEGRER,
    INTEGREE,
    API,
]


def vues(declaration) -> list[Vue]:
    """Those of the list of a declaration: the ones that suit it, and its own."""
    liste = declaration.liste
    return [*(vue for vue in VUES if vue.convient(liste)), *liste.vues]


def reserves(declaration) -> set[str]:
    """What no record of a declared type may have as its address: that of a view stands there, or may one day."""
    chemins = (vue.chemin for vue in (*VUES, *declaration.liste.vues))
    return {chemin.removeprefix("{}/").removesuffix("/") for chemin in chemins if chemin.startswith("{}/")}
