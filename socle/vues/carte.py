"""The map of a selection, with the same in tables; and the map alone, as a picture for a slide."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from socle.catalogue.selection import Selection
from socle.francais.mots import INSECABLE, entier, pluriel
from socle.francais.typographie import fr
from socle.vues.fichier_csv import named
from socle.vues.image_de_carte import as_png as pixels
from socle.vues.image_de_carte import drawn
from socle.vues.positions import is_located
from socle.vues.situation import MONTANT, NOMBRE, LigneDeLieu, Situation
from socle.vues.vue import Offre, Vue, refuse

GARDE = ("montrer",)
LINES = 7  # départements, and places, that have a line each: a page holds 390 elements at most
LINKS = 15  # of each that are links after them
NAMED = 200  # places that are named after these
LOST = 5  # records without a place that are named
DESSINS = {NOMBRE: "Nombre de fiches", MONTANT: "Montants"}
FONDS = {NOMBRE: "Nombre par département", MONTANT: "Montant par département"}


def shown(selection: Selection) -> str:
    """What the map shows, `montrer`; what is asked and cannot be is an error of the selection."""
    asked = selection.data.get("montrer") or NOMBRE
    if asked not in DESSINS:
        selection.errors["montrer"] = ["Cette carte n’existe pas : elle montre « nombre » ou « montant »."]
    elif asked == MONTANT and not selection.filterset.mesure:
        selection.errors["montrer"] = ["Ces fiches n’ont pas de montant : la carte en montre le nombre."]
    else:
        return asked
    return NOMBRE


def as_carte(view, selection):
    montrer = shown(selection)
    situation = Situation(selection, montrer, CARTE.adresse(selection.declaration))
    lieux, more = situation.lieux(LINES + LINKS + NAMED)
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "vue": CARTE.cle,
        "nom_de_la_vue": CARTE.onglet,
        "carte": situation.carte,
        "titre_de_la_carte": f"Carte : {selection.phrase()}",
        "mots": f"{selection.declaration.nom}|{selection.declaration.nom_pluriel}",
        "fond": FONDS[montrer],
        "notes": notes(situation),
        "montrer": montrer,
        "dessins": DESSINS if selection.filterset.mesure else {},
        "tableaux": [
            _table("Par département", "Département", situation.departements),
            _table("Par lieu", "Lieu", lieux, more),
        ],
        "perdues": _lost(situation),
    }
    return render(view.request, "vues/carte.html", context)


def _lost(situation: Situation) -> dict:
    """What the map cannot show: how many records, the first of them, the list of all."""
    lost, selection = situation.nowhere, situation.selection
    if not lost:
        return {}
    first = selection.first(LOST, lost)
    rows = {row.pk: row for row in selection.rows(first)}
    fiches = [(getattr(row, "titre_affiche", row.titre), row.get_absolute_url()) for row in map(rows.get, first) if row]
    return {"nombre": len(lost), "fiches": fiches, "adresse": situation.list_of_lost()}


def _table(titre: str, entete: str, lignes: list[LigneDeLieu], more: bool = False) -> dict:
    """A table: its first lines as such, then links, then names alone, so that a page is light. `more`: than these."""
    suite = LINES + LINKS
    named_ones = [f"{fr(ligne.nom)}{INSECABLE}: {entier(ligne.compte)}" for ligne in lignes[suite:]]
    if more:
        named_ones.append("et d’autres lieux, que disent les fichiers de cette liste")
    return {
        "titre": titre,
        "entete": entete,
        "lignes": lignes[:LINES],
        "liens": lignes[LINES:suite],
        "autres": ", ".join(named_ones),
    }


def notes(situation: Situation) -> list[str]:
    """What a reader of the map should know of where records stand."""
    found = []
    if number := situation.precision("intercommunalite"):
        placed = pluriel(number, "fiche est placée", "fiches sont placées")
        found.append(f"{placed} à peu près : à la plus grande commune de leur intercommunalité.")
    if number := situation.precision("departement"):
        if "intercommunalite" in situation.selection.facets["lieu"].fields:
            said = pluriel(number, "fiche ne dit que le département", "fiches ne disent que le département")
        else:  # they may say one, which places them nowhere in this list
            placed = "fiche est placée ici par son département", "fiches sont placées ici par leur département"
            said = pluriel(number, *placed)
        found.append(f"{said} : pas de cercle, mais une part de son nombre.")
    if number := len(situation.elsewhere):
        placed = pluriel(number, "fiche est", "fiches sont")
        found.append(f"{placed} hors de la carte, qui ne montre que la France métropolitaine.")
    return found


def as_svg(view, selection):
    return _picture(selection, "svg", "image/svg+xml; charset=utf-8", str)


def as_png(view, selection):
    return _picture(selection, "png", "image/png", pixels)


def _picture(selection: Selection, format: str, content_type: str, made: Callable[[str], str | bytes]):
    montrer = shown(selection)
    if "montrer" in selection.errors:
        return refuse(selection)
    day = timezone.localdate()
    if selection.pairs(garde=()):
        body = made(_drawn(selection, montrer, day))
    else:
        key = ("dessin", format, montrer, selection.total)
        body = selection.ensembles.held(key, lambda: made(_drawn(selection, montrer, day)), moment=day)
    return named(HttpResponse(body, content_type=content_type), selection, format)


def _drawn(selection: Selection, montrer: str, day: date) -> str:
    situation, declaration = Situation(selection, montrer), selection.declaration
    said = notes(situation)
    if lost := len(situation.nowhere):
        said.append(f"{pluriel(lost, 'fiche n’a pas', 'fiches n’ont pas')} de lieu connu.")
    return drawn(
        situation.carte,
        selection.phrase(),
        FONDS[montrer],
        (declaration.nom, declaration.nom_pluriel),
        f"LabAccès, {settings.SITE_URL}",
        day,
        said,
    )


CARTE = Vue(
    "carte", "{}/carte/", as_carte, convient=is_located, onglet="Carte", icone="i-carte", garde=(*GARDE, "fiche")
)
DESSINS_A_EMPORTER = [
    Vue(cle, f"{{}}.{cle}", made, convient=is_located, fichier=True, garde=GARDE, offres=(Offre("diaporama", words),))
    for cle, made, words in (
        ("png", as_png, "La carte (PNG, pour tout logiciel)"),
        ("svg", as_svg, "La carte (SVG, nette à toute taille)"),
    )
]
