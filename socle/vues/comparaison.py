"""Some records of a list side by side, one field a row. The address names them, by key or slug."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst

from socle.catalogue.columns import Block, Column
from socle.catalogue.fichier_csv import transposed
from socle.catalogue.filters import quoted
from socle.catalogue.selection import KEPT, Selection
from socle.francais.nombres import whole
from socle.francais.texte import shortened
from socle.francais.wording import euros, nombre, pluriel
from socle.tableur import classeur, opendocument
from socle.vues.cellules import Colonne, heads, local, read, shown, tidied
from socle.vues.fichier_csv import is_for_excel, named
from socle.vues.origine import leaf
from socle.vues.vue import Vue

MOST = 6
FAULTS = 5  # unknown records that are named
COURT = 45  # characters of a title above an answer
CLEAR = Decimal("1.5")  # from this ratio on, words say how many times as much
DU_SITE = {
    "Source",
    "Organisme",
    "Licence",
    "Date",
}  # of what the sheet about a list says, what is true of the site
_SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Comparee:
    """A record that is compared. `sans`: query string of the comparison without it."""

    pk: int
    titre: str
    adresse: str
    sans: str

    @property
    def court(self) -> str:
        """A short title, above each of its answers on a phone."""
        return shortened(self.titre, COURT)


@dataclass(frozen=True)
class ChampCompare:
    """A field of the records. `cellules`: (record, its words, how its amount compares to the lowest).

    `libre`: an answer in people's own words, or a place. These always differ, which is no news.
    """

    colonne: Colonne
    sujet: str
    question: str
    libre: bool
    cellules: list[tuple[Comparee, str, str]]

    @property
    def differe(self) -> bool:
        return len({words for _, words, _ in self.cellules}) > 1

    @property
    def classe(self) -> str:
        return "pareil" if not self.differe else "libre" if self.libre else "diff"


def asked(view, selection: Selection) -> list[int]:
    """The keys of the records to compare, in the order of the address, MOST at most.

    Names of no public record, and records beyond MOST, give an error of the selection.
    """
    names = list(dict.fromkeys(selection.data.getlist("fiche")))[:KEPT]
    known = _known(view, names)
    keys = list(dict.fromkeys(known[name] for name in names if name in known))
    messages = [
        f"La fiche « {quoted(name)} » n’existe pas, ou n’est plus publiée : elle est laissée de côté."
        for name in names
        if name not in known
    ][:FAULTS]
    if len(keys) > MOST:
        messages.append(f"On compare {MOST} fiches au plus : voici les {MOST} premières.")
    if messages:
        selection.set_aside("fiche", messages, map(str, keys[:MOST]))
    return keys[:MOST]


def _known(view, names: list[str]) -> dict[str, int]:
    """{key or slug as asked: key}, for public records."""
    slugs = [name for name in names if _SLUG.fullmatch(name)]
    keys = {name: key for name in slugs if (key := whole(name, 9)) is not None}
    if not slugs:
        return {}
    rows = view.filterset_class.public_by_key().filter(Q(pk__in=keys.values()) | Q(slug__in=slugs))
    found = {slug: pk for pk, slug in rows.order_by().values_list("pk", "slug")}
    by_key = {name: key for name, key in keys.items() if key in found.values()}
    return {slug: found[slug] for slug in slugs if slug in found} | by_key


def beside(numbers: list[Decimal | None]) -> list[str]:
    """How amounts compare to the lowest, in words; "" for each if fewer than two are known or all are equal.

    0 is an amount, None is unknown.
    """
    known = [number for number in numbers if number is not None]
    low = min(known, default=None)
    if len(known) < 2 or low == max(known):
        return [""] * len(numbers)
    return [_beside(number, low) for number in numbers]


def _beside(number: Decimal | None, low: Decimal) -> str:
    if number is None:
        return ""
    if number == low:
        return "le plus bas"
    if number < low * CLEAR or not low:
        return f"{euros(number - low)} de plus"
    return f"{nombre(f'{number / low:.1f}')} fois le plus bas"


def as_comparaison(view, selection):
    fiches, champs = _side_by_side(view, selection, asked(view, selection))
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "fiches": fiches,
        "champs": champs,
        "vide": "non dit" if any(champ.colonne.column.reponse for champ in champs) else "non renseigné",
        "au_plus": MOST,
        "demande": _of(selection, [fiche.pk for fiche in fiches]),
        "aujourdhui": timezone.localdate(),
    }
    return render(view.request, "vues/comparaison.html", context)


def _side_by_side(view, selection: Selection, keys: list[int]) -> tuple[list[Comparee], list[ChampCompare]]:
    """The records and their fields, as the public reads them."""
    model = view.filterset_class._meta.model
    columns = [column for column in view.get_compared() if column.nom not in view.position]
    titre, url, *fields = tidied(shown([*columns, *view.ou], model))
    titre = heads(titre, model)
    block = read(view, [titre, url, *fields], keys)
    keys = block["pk"]
    told = zip(keys, titre.words(block), map(local, url.column.texts(block)), strict=True)
    fiches = [Comparee(*one, _of(selection, [key for key in keys if key != one[0]])) for one in told]
    return fiches, list(lines(view, fields, block, fiches))


def _of(selection: Selection, keys: list[int]) -> str:
    """The query string of a comparison of some records, with the criteria of their list."""
    return urlencode(selection.pairs(keeps=()) + [("fiche", key) for key in keys])


def lines(view, colonnes: list[Colonne], block: Block, fiches: list[Comparee]) -> Iterator[ChampCompare]:
    """The fields of the records, without those that are empty in all."""
    free = {"fait", *view.filterset_class._meta.model.textes, *(column.nom for column in view.ou)}
    for colonne in colonnes:
        words = colonne.words(block)
        if any(words):
            amounts = beside(_known_numbers(view, colonne, block)) if colonne.is_euros else [""] * len(words)
            sujet = "" if colonne.column.titre else view.sujets.get(colonne.nom, "")
            cells = list(zip(fiches, words, amounts, strict=True))
            libre = colonne.column.reponse or colonne.nom in free
            yield ChampCompare(colonne, sujet or colonne.titre, sujet and colonne.titre, libre, cells)


def _known_numbers(view, colonne: Colonne, block: Block) -> list[Decimal | None]:
    """The number of each record; 0 counts as unknown if the list has a filter on this amount."""
    numbers = colonne.numbers(block)
    return [number or None for number in numbers] if colonne.nom in view.filterset_class.mesures() else numbers


def as_comparaison_csv(view, selection):
    """One field a line, one record a column, titles at the top. An error gives no file."""
    keys = asked(view, selection)
    excel = is_for_excel(view.request)
    colonnes = shown(view.get_compared(), view.filterset_class._meta.model)
    block = read(view, colonnes, keys)
    columns = [replace(one.column, nom=one.titre if excel else one.nom) for one in colonnes]
    body = transposed(columns, block, excel=excel)
    return named(HttpResponse(body, content_type="text/csv; charset=utf-8"), selection, "csv")


def _as_workbook(write, mime: str, format: str, view, selection):
    """A workbook for people: one question a line, titles above the records, no field that is empty in all."""
    keys = asked(view, selection)
    fiches, champs = _side_by_side(view, selection, keys)
    columns = [Column("Question", ("sujet",)), *(Column(fiche.titre, (str(fiche.pk),)) for fiche in fiches)]
    table = {"sujet": ["Adresse de la page", *(capfirst(champ.sujet) for champ in champs)]}
    for place, fiche in enumerate(fiches):
        table[str(fiche.pk)] = [f"{settings.SITE_URL}{fiche.adresse}", *(one.cellules[place][1] for one in champs)]
    address = f"{settings.SITE_URL}{COMPARER.adresse(selection.declaration)}?{_of(selection, keys)}"
    told = [("Ces fiches", f"{pluriel(len(fiches), 'fiche', 'fiches')} côte à côte"), ("Leur adresse", address)]
    told += [(what, answer) for what, answer in leaf(selection) if what in DU_SITE]
    data = write(columns, [table], selection.declaration.titre, told)
    return named(HttpResponse(data, content_type=mime), selection, format, f"{selection.declaration.adresse}-comparees")


COMPARER = Vue(
    "comparer",
    "{}/comparer/",
    as_comparaison,
    convient=lambda liste: liste.comparable,
    keeps=("fiche",),
)
COMPARER_CSV = Vue(
    "comparer-csv",
    "{}/comparer.csv",
    as_comparaison_csv,
    convient=lambda liste: liste.comparable,
    fichier=True,
    verifie=asked,
    keeps=("fiche",),
)
COMPARER_XLSX = replace(
    COMPARER_CSV,
    cle="comparer-xlsx",
    chemin="{}/comparer.xlsx",
    repond=partial(_as_workbook, classeur.write, classeur.XLSX, "xlsx"),
)
COMPARER_ODS = replace(
    COMPARER_CSV,
    cle="comparer-ods",
    chemin="{}/comparer.ods",
    repond=partial(_as_workbook, opendocument.write, opendocument.ODS, "ods"),
)
