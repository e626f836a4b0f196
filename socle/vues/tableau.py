"""The list as a table: one row a record, page by page, in columns that the address names."""

from dataclasses import dataclass

from django.shortcuts import render

from socle.catalogue.filters import quoted
from socle.catalogue.selection import Selection
from socle.catalogue.views import Fiches
from socle.francais.prose import run_on
from socle.francais.texte import shortened
from socle.vues.cellules import TITRES, Colonne, heads, local, read, shown, tidied
from socle.vues.vue import Vue

ROWS = 20  # of a page; with five columns and no filters, it has fewer than 390 elements
IN_ERROR = 8  # of a page that also shows the filters, with an error
LONG = 160  # characters of a text in a cell; the record's page has the rest
FEW = 4  # columns beside the title by default
FAULTS = 5  # unknown columns that are named
FICHE, TEXTES = "La fiche", "Textes"  # headings of columns without a group


@dataclass(frozen=True)
class Rangee:
    """A record in the table.

    `cellules`, without the title: (words, whether they are a number, anchor of the whole answer if it is cut, heading
    of the column, which a phone shows beside the words).
    """

    pk: int
    adresse: str
    titre: str
    cellules: list[tuple[str, bool, str, str]]


@dataclass(frozen=True)
class Entete:
    """The heading of a column. `adresse`: of the list sorted by it, or "". `sens`: how it is sorted."""

    colonne: Colonne
    adresse: str
    sens: str


class Rangees(Fiches):
    """The records of a selection as rows. `read` takes their keys; no model instances are made."""

    def of(self, keys):
        return self.read(keys)


def usual(view, colonnes: list[Colonne]) -> list[str]:
    """Columns of a table by default: those of the list, or FEW of place, amounts, a day, themes."""
    if view.tableau:
        return list(view.tableau)
    amounts = [one.nom for one in colonnes if one.is_euros]
    days = [one.nom for one in colonnes if one.column.moment and one.nom not in ("publiee_le", "modifiee_le")]
    wanted = {"commune", "departement", "themes", *amounts, *days[:1]}
    return [one.nom for one in colonnes if one.nom in wanted][:FEW]


def chosen(view, selection: Selection, colonnes: list[Colonne]) -> list[Colonne]:
    """The columns shown beside the title. Unknown ones give an error of the selection."""
    known = {one.nom: one for one in colonnes}
    asked = list(dict.fromkeys(view.request.GET.getlist("colonnes")))
    if unknown := [nom for nom in asked if nom not in known and nom not in TITRES]:
        messages = [f"La colonne « {quoted(nom)} » n’existe pas." for nom in unknown[:FAULTS]]
        selection.set_aside("colonnes", messages, [nom for nom in asked if nom not in unknown])
    found = [known[nom] for nom in asked if nom in known]
    return found if found or {*TITRES} & {*asked} else [known[nom] for nom in usual(view, colonnes)]


def grouped(view, colonnes: list[Colonne], shown: list[Colonne]) -> dict[str, list[tuple[Colonne, bool]]]:
    """{heading: [(column, whether it is shown)]}."""
    of = {nom: titre for titre, noms in view.groupes.items() for nom in noms}
    found = {titre: [] for titre in (FICHE, *view.groupes, TEXTES)}
    for one in colonnes:
        found[of.get(one.nom) or (TEXTES if one.is_texte else FICHE)].append((one, one in shown))
    return {titre: columns for titre, columns in found.items() if columns}


def heading(selection: Selection, tris: dict, colonne: Colonne) -> Entete:
    """The column in use for sorting links to the other direction, if there is one."""
    rising, falling = (tri if tri in tris else "" for tri in selection.filterset.tris_de.get(colonne.nom, ("", "")))
    sens = {rising: "ascending", falling: "descending"}.get(selection.tri, "")
    first, second = (falling, rising) if colonne.column.numeric else (rising, falling)
    following = second if selection.tri == first and second else first or second
    return Entete(colonne, f"?{selection.query_string(tri=following)}" if following else "", sens)


def as_tableau(view, selection):
    titre, url, *colonnes = _columns(view)
    shown_columns = chosen(view, selection, colonnes)

    def lines(keys) -> list[Rangee]:
        block = read(view, [titre, url, *shown_columns], keys)
        columns = [[_cell(one, words) for words in one.words(block)] for one in shown_columns]
        addresses = map(local, url.column.texts(block))
        cells = map(list, zip(*columns, strict=True)) if columns else ([] for _ in block["pk"])
        return list(map(Rangee, block["pk"], addresses, titre.words(block), cells))

    tris = selection.tris
    context = view.paged(selection, Rangees(selection, lines), min(IN_ERROR, ROWS) if selection.errors else ROWS) | {
        "vue": TABLEAU.cle,
        "nom_de_la_vue": TABLEAU.onglet,
        "selection": selection,
        "declaration": selection.declaration,
        "tri": tris[selection.tri][0],
        "entetes": [heading(selection, tris, one) for one in (titre, *shown_columns)],
        "groupes": grouped(view, colonnes, shown_columns),
    }
    return render(view.request, "vues/tableau.html", context)


def _cell(colonne: Colonne, words: str) -> tuple[str, bool, str, str]:
    is_answer, heading = colonne.column.reponse, colonne.titre
    if colonne.is_texte or is_answer:
        words = run_on(words).replace("\n", " ")
    if len(words) > LONG:
        return shortened(words, LONG), False, colonne.nom if is_answer else "", heading
    return words or ("non dit" if is_answer else ""), colonne.column.numeric, "", heading


def _columns(view) -> list[Colonne]:
    """The title and the address, then the other columns of the list."""
    model = view.filterset_class._meta.model
    columns = {one.nom: one for one in shown(view.get_columns(), model)}
    titre = next(columns.pop(nom) for nom in TITRES if nom in columns)
    return [heads(titre, model), columns.pop("url"), *tidied(columns.values())]


TABLEAU = Vue("tableau", "{}/tableau/", as_tableau, onglet="Tableau", icone="i-tableau", keeps=("colonnes", "fiche"))
