"""The figures of a selection: number of records and amounts, by each facet, beside those of the whole list."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.shortcuts import render
from pyroaring import BitMap

from socle.catalogue.columns import Block, Column, in_words
from socle.catalogue.fichier_csv import stream
from socle.catalogue.mesures import Chiffres
from socle.catalogue.selection import Selection
from socle.francais.wording import entier, euros
from socle.vues.fichier_csv import is_for_excel, streamed
from socle.vues.graphes import Barre, Barres, distribution, lengths
from socle.vues.vue import Vue

PREMIERES = 12  # values of a facet with a row each
# Rows of all charts of a page, whose bound is 390 elements: with many long facets, fewer values have a row.
LIGNES, LIGNES_AVEC_MONTANT = 50, 38
PLUSIEURS = "Une fiche qui en a plusieurs compte dans chaque ligne."
CENTIME = Decimal("0.01")


@dataclass(frozen=True)
class PartDeListe:
    """The records of the list with one value of a facet, with several values counted together, or with none.

    `valeur`: as in an address, or "". `membres`: of the whole list, not only of the selection.
    """

    valeur: str
    texte: str
    membres: BitMap


class Groupement:
    """The records of a selection by their values of the facet `nom`."""

    def __init__(self, selection: Selection, nom: str):
        self.selection, self.nom, self.facet = selection, nom, selection.facets[nom]
        self._held = self.facet.valeurs(selection.list_sets, nom)

    @cached_property
    def counts(self) -> dict[str, int]:
        """{value: how many records of the selection hold it}, without zeros."""
        return self.facet.counts(self.selection.records)

    @cached_property
    def _without(self) -> BitMap:
        """Records of the whole list without a value."""
        return self.selection.base - BitMap.union(BitMap(), *self._held.values())

    @property
    def sans(self) -> int:
        """How many records of the selection have no value."""
        return self._without.intersection_cardinality(self.selection.records)

    @property
    def is_multiple(self) -> bool:
        """Whether some record of the selection has several values."""
        return sum(self.counts.values()) + self.sans > self.selection.total

    def parts(self, first: int = 0) -> list[PartDeListe]:
        """The most frequent values first, unless values have an order of their own; last, the records without a value.

        `first`: only so many, and the others as one.
        """
        values = sorted(
            self.counts, key=lambda value: (-self.counts[value], self.facet.folded.get(value, value), value)
        )
        rest = values[first:] if first and len(values) > first + 1 else []
        values = values[: len(values) - len(rest)]
        if self.facet.ordonnee:
            values = self.facet.sort({value: self.counts[value] for value in self._held if value in values})
        found = [PartDeListe(value, self.facet.labels[value], self._held[value]) for value in values]
        if rest:
            others = BitMap.union(BitMap(), *(self._held[value] for value in rest))
            found.append(PartDeListe("", f"Les {entier(len(rest))} autres", others))
        if self.sans:
            found.append(PartDeListe("", "Non renseigné", self._without))
        return found


class PageDeChiffres:
    """What the page shows of a selection. `entier`: the figures of the whole list, kept until it changes."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.figures = selection.list_sets.chiffres
        self.mesure = bool(selection.filterset.mesure)
        self.is_part = bool(selection.values)

    def cached(self, key: str, compute):
        """Result of `compute` for the whole list, kept until its data or its clock change."""
        asked = (key, len(self.selection.base))
        return self.selection.list_sets.cached(asked, compute, clock=self.selection.filterset.moment())

    @property
    def entier(self) -> Chiffres:
        return self.cached("chiffres", lambda: self.figures(self.selection.base))

    @cached_property
    def chiffres(self) -> Chiffres:
        return self.figures(self.selection.records) if self.is_part else self.entier

    def montants_affiches(self) -> dict:
        """For `components/montants.html`. Only the records with the smallest and the largest amount are read."""
        ends = self.chiffres.extremes
        rows = {row.pk: row for row in self.selection.rows(pk for _, pk in ends)}
        return {
            "chiffres": self.chiffres,
            "entier": self.entier if self.is_part else None,
            "extremes": [(amount, rows[pk]) for amount, pk in ends if pk in rows],
            "non_comptee": self.selection.filterset.non_comptee_en_mots,
        }

    def graphes(self) -> list[Barres]:
        return self._graphes() if self.is_part else self.cached("barres", self._graphes)

    def _graphes(self) -> list[Barres]:
        every = [group for group in groupements(self.selection) if group.counts]
        groups = [group for group in every if len(group.counts) > 1 or group.sans]  # one bar would compare nothing
        peopled = [group for group in every if self.mesure and group.facet.habitants]
        rows = (LIGNES_AVEC_MONTANT if self.mesure else LIGNES) - sum(bool(group.sans) for group in groups)
        first = shown([len(group.counts) for group in (*groups, *peopled)], rows)
        found = [self._barres(group, group.parts(first)) for group in groups]
        found += [self._par_habitant(group, first) for group in peopled]
        return [one for one in found if one.lignes]

    def _barres(self, group: Groupement, parts: list[PartDeListe]) -> Barres:
        here = [self.figures(part.membres & self.selection.records) for part in parts]
        there = [self.figures(part.membres & self.selection.base) for part in parts] if self.is_part else here
        rows = zip(
            parts,
            here,
            there,
            lengths([one.fiches if part.valeur else 0 for part, one in zip(parts, here, strict=True)]),
            strict=True,
        )
        lines = [
            Barre(
                part.texte,
                self._of(entier(one.fiches), entier(whole.fiches)),
                self._of(_total(one), _total(whole)) if self.mesure else "",
                length,
            )
            for part, one, whole, length in rows
        ]
        help_text = PLUSIEURS if group.is_multiple else group.facet.aide
        return Barres(_title(group), help_text, lines, self.mesure)

    def _of(self, here: str, whole: str) -> str:
        return f"{here} sur\u00a0{whole}" if self.is_part else here

    def _par_habitant(self, group: Groupement, first: int) -> Barres:
        people = group.facet.habitants()
        rows = []
        for part in group.parts():
            if (total := self.figures(part.membres & self.selection.records).total) and part.valeur in people:
                whole = self.figures(part.membres & self.selection.base).total
                rows.append((total / people[part.valeur], whole / people[part.valeur], part.texte))
        rows = sorted(rows, key=lambda row: (-row[0], row[2]))
        title = f"Montant par habitant, par {group.facet.label}"
        help_text = f"Les {entier(first)} premiers." if len(rows) > first else ""
        lines = [
            Barre(text, _rate(one), f"toute la liste\u00a0: {_rate(whole)}" if self.is_part else "", length)
            for (one, whole, text), length in zip(rows, lengths([row[0] for row in rows]), strict=True)
        ]
        return Barres(title, help_text, lines[:first], self.is_part)


def _total(chiffres: Chiffres) -> str:
    return "aucun" if chiffres.total is None else euros(chiffres.total)


def _rate(amount: Decimal) -> str:
    return euros(amount) if amount >= CENTIME else f"moins de {euros(CENTIME)}"


def _title(group: Groupement) -> str:
    return f"{group.facet.label[:1].upper()}{group.facet.label[1:]}"


def groupements(selection: Selection) -> list[Groupement]:
    """By each facet of the list, in the order of its page, then by facets that no page has as a filter."""
    order = [name for _, names in selection.filterset.groupes for name in names]
    facets = [name for name, facet in selection.facets.items() if facet.chiffree]
    names = sorted(facets, key=lambda name: order.index(name) if name in order else len(order))
    return [Groupement(selection, name) for name in names]


def shown(sizes: list[int], rows: int) -> int:
    """How many values of each facet have a row, so that all have at most `rows`. `sizes`: number of values of each."""
    wanted = range(PREMIERES, 2, -1)
    return next((first for first in wanted if sum(min(size, first + 1) for size in sizes) <= rows), 2)


def chiffres(view, selection):
    page, file = PageDeChiffres(selection), CHIFFRES_CSV.adresse(selection.declaration)
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "vue": CHIFFRES.cle,
        "nom_de_la_vue": CHIFFRES.onglet,
        "entier": page.entier if page.is_part else None,
        "montants": page.montants_affiches() if page.mesure else None,
        "distribution": distribution(page.chiffres),
        "graphes": [] if selection.errors else page.graphes(),
        "tableur": f"{file}?{selection.query_string(keeps=CHIFFRES_CSV.keeps, excel='1')}",
        "csv": f"{file}?{selection.query_string(keeps=CHIFFRES_CSV.keeps)}".removesuffix("?"),
    }
    return render(view.request, "vues/chiffres.html", context)


def _amount(amount: Decimal | None) -> str:
    """Decimal point, two decimals; "" if unknown."""
    return "" if amount is None else f"{amount:.2f}"


COLONNES = [
    Column("critere", ("critere",), titre="Critère"),
    Column("valeur", ("valeur",), titre="Code"),
    Column("intitule", ("intitule",), titre="Intitulé"),
    Column("fiches", ("fiches",), str, numeric=True, titre="Fiches"),
]
DE_MONTANT = [
    Column("montants", ("montants",), str, numeric=True, titre="Montants comptés"),
    Column("total_eur", ("total",), _amount, numeric=True, titre="Total (€)"),
    Column("mediane_eur", ("mediane",), _amount, numeric=True, titre="Médiane (€)"),
]


def as_csv(view, selection):
    """One line for all records, then one for each value of each facet."""
    excel = is_for_excel(view.request)
    columns = COLONNES + (DE_MONTANT if selection.filterset.mesure else [])
    columns = in_words(columns, view.filterset_class._meta.model) if excel else columns
    return streamed(stream(columns, _lines(selection), excel=excel), selection)


def _lines(selection: Selection) -> Iterator[Block]:
    yield _block(selection, "", [PartDeListe("", "Ensemble", selection.records)])
    for group in groupements(selection):
        yield _block(selection, group.nom, group.parts())


def _block(selection: Selection, critere: str, parts: list[PartDeListe]) -> Block:
    figures = [selection.list_sets.chiffres(part.membres & selection.records) for part in parts]
    return {
        "critere": [critere] * len(parts),
        "valeur": [part.valeur for part in parts],
        "intitule": [part.texte for part in parts],
        "fiches": [one.fiches for one in figures],
        "montants": [one.montants for one in figures],
        "total": [one.total for one in figures],
        "mediane": [one.mediane for one in figures],
    }


CHIFFRES = Vue(
    "chiffres",
    "{}/chiffres/",
    chiffres,
    onglet="Chiffres",
    icone="i-chiffres",
    keeps=("fiche",),
)
CHIFFRES_CSV = Vue(
    "chiffres-csv",
    "{}/chiffres.csv",
    as_csv,
    fichier=True,
    mots="Chiffres, pour un programme (CSV)",
)
