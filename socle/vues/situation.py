"""Where the records of a selection are: what its map draws, and the same in lines.

situation = Situation(Selection(ProjetFilterSet, request.GET))
situation.departements       # lines, those that have most first
situation.carte              # what components/carte.html draws
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from heapq import nlargest

from django.utils.http import urlencode
from pyroaring import BitMap

from socle.catalogue.mesures import Chiffres
from socle.catalogue.selection import Selection
from socle.francais.mots import INSECABLE, entier, euros, pluriel
from socle.francais.texte import fold
from socle.territoires.cartes import Cadre, Cercle, Zone, drawing, frame, frame_around
from socle.territoires.lieux import Emplacement
from socle.vues.feux import RAYON_MAX, Feu, Nom, beside, lights
from socle.vues.positions import by_group, by_precision, exact, places, unplaced

NOMBRE, MONTANT = "nombre", "montant"
CLASSES = 4
RAYON_LOIN = 12  # of the widest light, where départements are small
JOINED = 40  # places that one link may ask for
NAMED = 12  # lights that are named, if there are no more


@dataclass(frozen=True)
class LigneDeLieu:
    """A place in a table: its records, for how much if that is known, the list of them if it can be asked."""

    nom: str
    compte: int
    chiffres: Chiffres
    adresse: str = ""

    @property
    def montant(self) -> Decimal | None:
        return self.chiffres.total


@dataclass(frozen=True)
class DepartementDessine:
    """A département as it is drawn. `classe`: 1 to CLASSES, 0 for nothing; `texte`: what is written in it."""

    zone: Zone
    classe: int
    texte: str
    mots: str
    adresse: str

    @property
    def a_cote(self) -> "list[DepartementDessine]":
        """Itself, if its words stand beside it; they lead to where it does."""
        return [] if self.zone.ancre == "milieu" else [self]


@dataclass(frozen=True)
class Lumiere:
    """A light as it is drawn. `chiffre`: its number, where there is room for it. `nom`: of its place, in short;
    `adresse`: the list of what is there."""

    feu: Feu
    x: int
    y: int
    chiffre: str
    nom: str
    mots: str
    adresse: str


@dataclass(frozen=True)
class Carte:
    """What `components/carte.html` draws. `classes`: (number of the class, words) of the legend."""

    cadre: Cadre
    departements: list[DepartementDessine]
    lumieres: list[Lumiere]
    classes: list[tuple[int, str]]
    cercle: Cercle | None = None

    @property
    def nommes_au_milieu(self) -> list[DepartementDessine]:
        """The départements whose words stand in their middle."""
        return [one for one in self.departements if not one.a_cote]

    @cached_property
    def noms(self) -> list[Nom]:
        """The names of places, where lights are few and there is room."""
        if len(self.lumieres) > NAMED:
            return []
        circles = [(one.x, one.y, one.feu.rayon) for one in self.lumieres]
        zones = [one.zone for one in self.departements if one.texte or not one.zone.taille]
        return beside(circles, [one.nom for one in self.lumieres], zones, self.cadre.hauteur)

    @property
    def bornes(self) -> list[tuple[int, float]]:
        """(how many, how wide) of the smallest and the widest light."""
        found = sorted({(one.feu.compte, one.feu.rayon) for one in self.lumieres})
        return [*found[:1], *found[1:][-1:]]


def empty() -> Carte:
    """The map of the site's région, of nothing."""
    cadre = frame()
    return Carte(cadre, [DepartementDessine(zone, 0, "", "", "") for zone in cadre.zones], [], [])


class Situation:
    """The records of a selection by their places. `montrer`: what the colour of a département tells."""

    def __init__(self, selection: Selection, montrer: str = NOMBRE, zoom: str = ""):
        """`zoom`: the address of the map, if a département leads to its own; else it leads to the list."""
        self.selection, self.montrer, self.zoom = selection, montrer, zoom
        self.ensembles, self.declaration = selection.ensembles, selection.declaration

    def _of_whole(self, key: tuple, compute):
        """What `compute` answers: held, if nothing is asked."""
        if self.selection.pairs(garde=()):
            return compute()
        return self.ensembles.held((*key, self.selection.total), compute)

    # Records by place

    @cached_property
    def by_departement(self) -> dict[str, BitMap]:
        records = self.selection.records
        held = {code: ids & records for code, ids in self.ensembles.valeurs("departement").items()}
        return {code: ids for code, ids in held.items() if ids}

    @cached_property
    def _held(self) -> dict[str, BitMap]:
        """{code of a place: the records of the list that say it}."""
        return self.ensembles.valeurs("lieu")

    @cached_property
    def _counts(self) -> dict[str, int]:
        """{code of a place: how many records say it}."""
        return self.ensembles.comptes("lieu", self.selection.records)

    @cached_property
    def _places(self) -> dict[str, Emplacement]:
        return places(self.ensembles)

    @cached_property
    def exact(self) -> dict[int, tuple[float, float]]:
        """Positions of records that say their own."""
        found = exact(self.ensembles)
        return {pk: found[pk] for pk in BitMap(found) & self.selection.records} if found else {}

    @property
    def nowhere(self) -> BitMap:
        """Records that nobody can place."""
        return self._known_as("")

    def list_of_lost(self) -> str:
        """The address of the list of these."""
        lost = self.nowhere
        return self._list("lieu", [code for code in unplaced(self.ensembles) if self._held[code].intersect(lost)])

    def precision(self, wanted: str) -> int:
        """How many records are only known as well as that."""
        return len(self._known_as(wanted))

    def _known_as(self, precision: str) -> BitMap:
        known = by_precision(self.ensembles).get(precision, BitMap())
        return (known & self.selection.records) - BitMap(self.exact) - self.elsewhere

    @cached_property
    def elsewhere(self) -> BitMap:
        """Records in départements that no map draws."""
        drawn = drawing()["departements"]
        return BitMap.union(BitMap(), *(ids for code, ids in self.by_departement.items() if code not in drawn))

    # Lines

    @cached_property
    def departements(self) -> list[LigneDeLieu]:
        """A line a département, and one for the records that say none: each record once."""
        return self._of_whole(("lignes de départements",), self._lines_of_departements)

    def _lines_of_departements(self) -> list[LigneDeLieu]:
        rows = self._lines("departement", self.by_departement)
        without = self.selection.records - BitMap.union(BitMap(), *self.by_departement.values())
        if without:
            rows.append(LigneDeLieu("Sans département", len(without), self.ensembles.chiffres(without)))
        return rows

    def lieux(self, number: int) -> tuple[list[LigneDeLieu], bool]:
        """A line a place, the `number` that have most, each record once; whether there are others."""
        return self._of_whole(("lignes de lieux", number), lambda: self._first(number))

    def _first(self, number: int) -> tuple[list[LigneDeLieu], bool]:
        records, counts = self.selection.records, self._counts
        least = min(nlargest(number, counts.values()), default=0)  # names of those with fewer are not compared
        among = (code for code, count in counts.items() if count >= least)
        first = sorted(among, key=lambda code: (-counts[code], fold(self._places[code].nom), code))[:number]
        return self._lines("lieu", {code: self._held[code] & records for code in first}), len(counts) > number

    def _lines(self, facet: str, held: Mapping[str, BitMap]) -> list[LigneDeLieu]:
        rows = [
            LigneDeLieu(self._name(facet, code), len(ids), self.ensembles.chiffres(ids), self._list(facet, [code]))
            for code, ids in held.items()
        ]
        return sorted(rows, key=lambda row: (-row.compte, fold(row.nom)))

    def _name(self, facet: str, code: str) -> str:
        if facet == "lieu":
            return self._places[code].nom
        drawn = drawing()["departements"].get(code)
        return drawn["nom"] if drawn else self.selection.facets[facet].names[code]

    # Addresses

    @cached_property
    def _kept(self) -> dict[str, str]:
        """{facet: the query string of the selection without it}, ready for another parameter."""
        kept = {}
        for facet in ("departement", "lieu"):
            pairs = [pair for pair in self.selection.pairs(garde=()) if pair[0] != facet]
            kept[facet] = "".join(f"{urlencode([pair])}&" for pair in pairs)
        return kept

    def _list(self, facet: str, codes: list[str], address: str = "") -> str:
        """The address of the list, or of another view, of the records of some places; "" if they are too many."""
        if len(codes) > JOINED:
            return ""
        asked = "&".join(f"{facet}={code}" for code in codes)
        return f"{address or self.declaration.lien}?{self._kept[facet]}{asked}"

    # The map

    @cached_property
    def carte(self) -> Carte:
        return self._of_whole(("carte", self.montrer, self.zoom), self._draw)

    def _draw(self) -> Carte:
        counts = {code: len(ids) for code, ids in self.by_departement.items()}
        shown: dict[str, Decimal | int] = counts
        if self.montrer == MONTANT:
            amounts = {code: self.ensembles.chiffres(ids).total for code, ids in self.by_departement.items()}
            shown = {code: amount for code, amount in amounts.items() if amount}
        classes, legend = _classes(shown, short_euros if self.montrer == MONTANT else entier)
        departements = [self._departement(zone, counts, shown, classes) for zone in self.cadre.zones]
        return Carte(self.cadre, departements, self._lumieres(), legend, self.around and self.around[1])

    @cached_property
    def around(self) -> tuple[Cadre, Cercle] | None:
        """The frame and the circle of what is near to a commune, if that is asked."""
        commune = self.selection.values.get("autour")
        return commune and frame_around(commune, self.selection.filterset.filters["autour"].km)

    @cached_property
    def cadre(self) -> Cadre:
        """What is asked by its place, else where the records are."""
        values = self.selection.values
        if self.around:
            return self.around[0]
        if chosen := values.get("departement"):
            return frame(frozenset(chosen), close=True)
        lie = {code for code, ids in by_group(self.ensembles).items() if ids.intersect(self.selection.records)}
        return frame(frozenset(lie.union(self.by_departement)))

    def _departement(self, zone: Zone, counts, shown, classes) -> DepartementDessine:
        compte = counts.get(zone.code, 0)
        if not compte:
            return DepartementDessine(zone, 0, "", "", "")
        mots = pluriel(compte, self.declaration.nom, self.declaration.nom_pluriel)
        texte = entier(compte)
        if self.montrer == MONTANT:
            amount = shown.get(zone.code)
            mots += f", {euros(amount)}" if amount else ", montant non renseigné"
            texte = short_euros(amount) if amount else "?"
        close = self.selection.values.get("departement") == [zone.code]
        address = self._list("departement", [zone.code], "" if close else self.zoom)
        if self.montrer != NOMBRE and self.zoom and not close:
            address += f"&montrer={self.montrer}"
        return DepartementDessine(zone, classes.get(zone.code, 0), texte, f"{zone.nom} : {mots}", address)

    def _lumieres(self) -> list[Lumiere]:
        cadre, points = self.cadre, ((self._places[code].point, count, code) for code, count in self._counts.items())
        where = ((*cadre.placed(*point), count, code) for point, count, code in points if point)
        found = [one for one in where if cadre.holds(*one[:2])]
        if self.exact:  # what says its own position stands in its commune; without one, by itself
            alone = BitMap(self.exact) - BitMap.union(BitMap(), *(self._held[code] for *_, code in found))
            of = {pk: code for code, ids in (self._held.items() if alone else ()) for pk in ids & alone}
            points = ((*cadre.point(*self.exact[pk]), 1, of[pk]) for pk in alone)
            found += [one for one in points if cadre.holds(*one[:2])]
        return [self._of_places(feu) for feu in lights(found, RAYON_MAX if cadre.is_close else RAYON_LOIN)]

    def _of_places(self, feu: Feu) -> Lumiere:
        counts = {code: self._counts[code] for code in feu.codes}
        codes, number = sorted(counts, key=lambda code: (-counts[code], code)), len(counts)
        whole = number <= JOINED and sum(counts.values()) == feu.compte  # then a link leads to them
        names = [self._name("lieu", code) for code in codes[:2]]
        court = names[0].partition(" (")[0] + (f" et {pluriel(number - 1, 'autre', 'autres')}" if number > 1 else "")
        if number > len(names):
            names = [names[0], pluriel(number - 1, "autre lieu", "autres lieux")]
        mots = f"{' et '.join(names)} : {pluriel(feu.compte, self.declaration.nom, self.declaration.nom_pluriel)}"
        chiffre = str(feu.compte)
        chiffre = chiffre if feu.rayon > 3.4 * len(chiffre) + 3 else ""
        adresse = self._list("lieu", codes) if whole else ""
        return Lumiere(feu, round(feu.x), round(feu.y), chiffre, court, mots, adresse)


def _classes(shown: Mapping[str, Decimal | int], say) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """{code: class}, and (class, « 7 à 18 ») of each that is there: as many different values in each."""
    values = sorted(set(shown.values()))
    many = min(CLASSES, len(values))
    first = CLASSES - many  # the last is the one that strikes the eye
    of = {value: first + 1 + rank * many // len(values) for rank, value in enumerate(values)}
    bounds = defaultdict(list)
    for value in values:
        bounds[of[value]].append(value)
    words = {one: list(dict.fromkeys([say(held[0]), say(held[-1])])) for one, held in bounds.items()}
    return {code: of[value] for code, value in shown.items()}, [(one, " à ".join(said)) for one, said in words.items()]


def short_euros(amount: Decimal) -> str:
    """« 950 € », « 115 k€ », « 1,2 M€ », « 12 M€ »."""
    if amount < 1000:
        return f"{entier(round(amount))}{INSECABLE}€"
    if round(amount / 1000) < 1000:
        return f"{entier(round(amount / 1000))}{INSECABLE}k€"
    millions = amount / 1_000_000
    number = f"{millions:.1f}".replace(".", ",").removesuffix(",0") if millions < 10 else entier(round(millions))
    return f"{number}{INSECABLE}M€"
