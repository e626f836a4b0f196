"""The map of a selection, with the same content as text; and the map alone, as a picture for slides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from socle.catalogue.selection import Selection
from socle.francais.wording import entier, pluriel
from socle.vues.cadrages import known
from socle.vues.dessin import carte_de
from socle.vues.fichier_csv import named
from socle.vues.image_de_carte import MONTANTS, drawn
from socle.vues.image_de_carte import as_png as pixels
from socle.vues.positions import is_located
from socle.vues.situation import MONTANT, NOMBRE, Situation
from socle.vues.vue import Vue

KEEPS = ("montrer", "cadre")
LINES = 7  # départements with a line each
LINKS = 15  # further départements, as links
NAMED = 10  # records outside the frame that are named
DESSINS = {NOMBRE: "Nombre de fiches", MONTANT: "Montants"}


@dataclass(frozen=True)
class Ailleurs:
    """Records outside the frame: how many, the first ones by place as (title, address), how many others.

    `tout`, `adresse`: words and address of what shows all.
    """

    nombre: int
    lieux: list[tuple[str, list[tuple[str, str]]]]
    autres: int
    tout: str
    adresse: str


def shown(selection: Selection) -> str:
    """What the map shows (`montrer`). An impossible value becomes an error of the selection."""
    asked = selection.data.get("montrer") or NOMBRE
    if asked not in DESSINS:
        selection.set_aside("montrer", ["Cette carte n’existe pas : elle montre « nombre » ou « montant »."])
    elif asked == MONTANT and not selection.filterset.mesure:
        selection.set_aside("montrer", ["Ces fiches n’ont pas de montant : la carte en montre le nombre."])
    else:
        return asked
    return NOMBRE


def framed(selection: Selection) -> str:
    """The key of the frame asked for (`cadre`), or "". An impossible value becomes an error of the selection."""
    asked = selection.data.get("cadre", "")
    if asked and asked not in known(selection.list_sets).by_cle:
        selection.set_aside("cadre", ["Ce cadre n’existe pas : écrivez « france », une région ou un département."])
        return ""
    return asked


def as_carte(view, selection):
    situation = Situation(selection, shown(selection), framed(selection))
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "vue": CARTE.cle,
        "nom_de_la_vue": CARTE.onglet,
        "situees": bool(situation.located),
        "carte": carte_de(situation),
        "titre_de_la_carte": f"Carte : {selection.phrase()}",
        "teintes": MONTANTS,
        "phrase": in_frame(situation),
        "cadrages": situation.cadrages(),
        "notes": notes(situation),
        "perdues": (len(situation.nowhere), situation.list_of_lost()),
        "montrer": situation.montrer,
        "dessins": DESSINS if selection.filterset.mesure else {},
        "a_cote": bool(selection.filterset.mesure) or not situation.elsewhere,
        "lignes": situation.departements[:LINES],
        "liens": situation.departements[LINES : LINES + LINKS],
        "ailleurs": elsewhere(situation),
        "groupes": (groupes := situation.groupes()),
        "lieux": sum(groupe.nombre for groupe in groupes),
    }
    return render(view.request, "vues/carte.html", context)


def in_frame(situation: Situation) -> str:
    """How many located records the frame holds; "" if it holds all."""
    if not situation.elsewhere:
        return ""
    located, inside = len(situation.located), len(situation.inside)
    have = pluriel(located, "fiche a un lieu", "fiches ont un lieu")
    are = f"{entier(inside)} {'est' if inside < 2 else 'sont'}" if inside else "aucune n’est"
    return f"{have}, {are} {situation.territoire.dans} : c’est ce que montre la carte."


def elsewhere(situation: Situation) -> Ailleurs | None:
    """The records outside the frame; None if there are none."""
    left, selection = situation.elsewhere, situation.selection
    if not left:
        return None
    first = selection.first(NAMED, left)
    rows = {row.pk: row for row in selection.rows(first)}
    by_place = {
        lieu: [(getattr(rows[key], "titre_affiche", rows[key].titre), rows[key].get_absolute_url()) for key in keys]
        for lieu, keys in situation.by_place([key for key in first if key in rows]).items()
    }
    france = situation.territoires.france
    if situation.territoire == france:  # no map draws the others
        beyond = [code for code, ids in situation.by_departement.items() if ids.intersect(situation.overseas)]
        address, words = situation.list_of("departement", beyond), "Voir ces fiches en liste"
    else:
        address, words = situation.closer(france, selection.keeps), "Voir la carte de France"
    return Ailleurs(len(left), list(by_place.items()), len(left) - len(rows), words, address)


def notes(situation: Situation) -> list[str]:
    """Sentences on how exactly the records are placed."""
    found = []
    if number := situation.montants is None and situation.precision("intercommunalite"):
        one, several = (f"à la plus grande commune de {whose} intercommunalité." for whose in ("son", "leur"))
        found.append(pluriel(number, f"fiche est placée {one}", f"fiches sont placées {several}"))
    if number := situation.montants is None and situation.precision("departement"):
        one = "fiche compte dans son département, sans cercle : sa commune n’est pas dite."
        several = "fiches comptent dans leur département, sans cercle : leur commune n’est pas dite."
        found.append(pluriel(number, one, several))
    if number := len(situation.overseas):
        placed = pluriel(number, "fiche est", "fiches sont")
        found.append(f"{placed} hors de la carte, qui ne montre que la France métropolitaine.")
    return found


def as_svg(view, selection):
    return _picture(selection, "svg", "image/svg+xml; charset=utf-8", str)


def as_png(view, selection):
    return _picture(selection, "png", "image/png", pixels)


def _picture(selection: Selection, format: str, content_type: str, made: Callable[[str], str | bytes]):
    montrer, cadre = shown(selection), framed(selection)
    day, situation = timezone.localdate(), Situation(selection, montrer, cadre)
    if cadre or selection.pairs(keeps=()):
        body = made(_drawn(situation, day))
    else:
        key = ("dessin", format, montrer, selection.total)
        body = selection.list_sets.cached(key, lambda: made(_drawn(situation, day)), clock=day)
    return named(HttpResponse(body, content_type=content_type), selection, format)


def _drawn(situation: Situation, day: date) -> str:
    said = notes(situation)
    if left := len(situation.elsewhere - situation.overseas):
        said.append(f"{pluriel(left, 'fiche est', 'fiches sont')} ailleurs en France.")
    if lost := len(situation.nowhere):
        said.append(f"{pluriel(lost, 'fiche n’a pas', 'fiches n’ont pas')} de lieu connu.")
    title = situation.selection.phrase()
    if situation.asked:
        title += f" : {situation.territoire.nom}, {situation.count(len(situation.inside))}"
    return drawn(carte_de(situation), title, f"LabAccès, {settings.SITE_URL}", day, said)


CARTE = Vue(
    "carte", "{}/carte/", as_carte, convient=is_located, onglet="Carte", icone="i-carte", keeps=(*KEEPS, "fiche")
)
DESSINS_A_EMPORTER = [
    Vue(
        cle,
        f"{{}}.{cle}",
        made,
        convient=is_located,
        fichier=True,
        verifie=lambda view, selection: (shown(selection), framed(selection)),
        keeps=KEEPS,
        rubrique="diaporama",
        mots=words,
    )
    for cle, made, words in (
        ("png", as_png, "La carte (PNG, pour tout logiciel)"),
        ("svg", as_svg, "La carte (SVG, nette à toute taille)"),
    )
]
