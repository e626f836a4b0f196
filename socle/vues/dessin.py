"""Draws the map of a Situation, for a wide and for a narrow screen.

    carte = carte_de(Situation(selection))    # what components/carte.html prints

Lights show numbers of records; a map of amounts colours the départements instead. No two lights touch, no words cover a
light or other words: words without room are left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from socle.francais.wording import INSECABLE, entier, nombre, pluriel
from socle.territoires.cartes import Cadre, Cercle, Zone, drawing, frame
from socle.vues.cadrages import Territoire
from socle.vues.classes import amount_words, bounds, class_of, count_words
from socle.vues.feux import CROISSANCE, Feu, Feuille, MotDeCarte, Point, lights
from socle.vues.situation import Situation

NAMED = 12  # lights; up to this number, they have names
SOUS = 1.2  # distance from a number to the name below, in heights of the name


@dataclass(frozen=True)
class Plume:
    """How a map is drawn for one width of screen; static/labacces.css has the same sizes.

    `rayon`: of the smallest light. Heights of letters: `nombre` and `nom` of a large département; `petit`, a number
    elsewhere; `lieu`, the name of a light, 0 for none.
    """

    genre: str
    rayon: float
    nombre: int
    nom: int
    petit: int
    lieu: int


FIN, GROS = Plume("fins", 12.7, 26, 15, 13, 14), Plume("gros", 28, 40, 28, 26, 0)
NUIT = Plume("fins", 4.5, 26, 15, 13, 0), Plume("gros", 4.5, 34, 22, 22, 0)  # on the banner of the home page


@dataclass(frozen=True)
class DepartementDessine:
    """A département as drawn. `classe`: of its amount, from 1; 0 without one, -1 outside what is shown.

    `mots`, `adresse`: what it holds, and that list, on the home page.
    """

    zone: Zone
    classe: int
    mots: str = ""
    adresse: str = ""


@dataclass(frozen=True)
class Lumiere:
    """A light as drawn. `chiffre`: its number, from 2. `adresse`: the list of its records, or a closer map."""

    x: int
    y: int
    rayon: float
    chiffre: str
    mots: str
    adresse: str


@dataclass(frozen=True)
class Dessin:
    """Lights and words of a map for one Plume. `tailles`: (radius, words) for a legend drawn in the size of FIN."""

    genre: str
    lumieres: list[Lumiere]
    mots: list[MotDeCarte]
    tailles: list[tuple[float, str]]


@dataclass(frozen=True)
class Carte:
    """What `components/carte.html` draws. `teintes`: (class, words) of the colours."""

    cadre: Cadre
    departements: list[DepartementDessine]
    dessins: list[Dessin]
    teintes: list[tuple[int, str]]
    cercle: Cercle | None = None


def empty() -> Carte:
    """The map of the site's région, without records."""
    cadre = frame()
    names = [MotDeCarte(zone.x, zone.y, zone.ancre, zone.nom) for zone in cadre.zones if zone.nommable]
    drawings = [Dessin(plume.genre, [], names, []) for plume in NUIT]
    return Carte(cadre, [DepartementDessine(zone, 0) for zone in cadre.zones], drawings, [])


def carte_de(situation: Situation, *, nuit: bool = False) -> Carte:
    """The map of a situation, of numbers or, if it has them, of amounts.

    `nuit`: for the banner of the home page, where each département is a link.
    """
    key = ("carte", nuit, situation.montants is None)
    return situation.of_whole(key, lambda: _Planche(situation, nuit=nuit).carte())


class _Planche:
    def __init__(self, situation: Situation, *, nuit: bool):
        self.situation, self.nuit, self.cadre = situation, nuit, situation.cadre
        self.montants = situation.montants

    def carte(self) -> Carte:
        amounts = (self.montants or {}).values()
        limits = bounds(amounts)
        words = amount_words(amounts, limits, short_euros)
        points = list(self._points()) if self.montants is None else []
        plumes = NUIT if self.nuit else (FIN, GROS)
        return Carte(
            self.cadre,
            [self._departement(zone, limits) for zone in self.cadre.zones],
            [self._dessin(plume, lights(points, plume.rayon, self.cadre.hauteur)) for plume in plumes],
            list(enumerate(words, 1)),
            self.situation.around and self.situation.around[1],
        )

    def _departement(self, zone: Zone, limits: list[int]) -> DepartementDessine:
        situation, code = self.situation, zone.code
        if not situation.is_in(code):
            return DepartementDessine(zone, -1)
        amount = (self.montants or {}).get(code)
        compte = situation.number_in(code)
        linked = self.nuit and compte and self.cadre.is_close
        return DepartementDessine(
            zone,
            class_of(amount, limits) if amount else 0,
            f"{zone.nom} : {situation.count(compte)}",
            situation.list_of("departement", [code]) if linked else "",
        )

    def _points(self) -> Iterable[Point]:
        situation, cadre = self.situation, self.cadre
        for code, count in situation.counts.items():
            lieu = situation.places[code]
            if lieu.point and situation.is_in(lieu.departement) and cadre.holds(*(at := cadre.placed(*lieu.point))):
                yield *at, count, code
        for code, position in situation.alone_by_place():
            if cadre.holds(*(at := cadre.point(*position))):
                yield *at, 1, code

    def _dessin(self, plume: Plume, feux: list[Feu]) -> Dessin:
        counts = [feu.compte for feu in feux]
        steps = bounds(counts)
        radii = [CROISSANCE[class_of(count, steps) - 1] * plume.rayon for count in counts]
        drawn = [self._lumiere(feu, round(rayon, 1)) for feu, rayon in zip(feux, radii, strict=True)]
        feuille = Feuille([(one.x, one.y, one.rayon) for one in drawn], self.cadre.hauteur)
        words = []
        for zone in sorted(self.cadre.zones, key=lambda zone: -self.situation.number_in(zone.code)):
            if self.situation.is_in(zone.code) and self.cadre.holds(zone.x, zone.y):
                words += self._words(zone, plume, feuille)
        if plume.lieu and len(feux) <= NAMED:
            for feu, one in zip(feux, drawn, strict=True):
                words += feuille.name(one.x, one.y, one.rayon, self._short_name(feu), plume.lieu)
        sizes = zip(CROISSANCE, count_words(counts, steps, self.situation.nom), strict=False)
        return Dessin(plume.genre, drawn, words, [(round(FIN.rayon * much, 1), said) for much, said in sizes])

    def _words(self, zone: Zone, plume: Plume, feuille: Feuille) -> list[MotDeCarte]:
        """The words for a département: its name, below its number or amount if the map says it in words."""
        compte, close, texte = self.situation.number_in(zone.code), self.cadre.is_close, ""
        if compte and self.montants is not None:
            texte = short_euros(self.montants[zone.code]) if zone.code in self.montants else "?"
        elif compte and self.nuit and close:
            texte = entier(compte)
        number = [MotDeCarte(zone.x, zone.y, zone.ancre, texte, "n" if close else "petit")] if texte else []
        below = round(SOUS * plume.nom) if texte else 0
        name = [MotDeCarte(zone.x, zone.y + below, zone.ancre, zone.nom)] if zone.nommable else []
        sizes = [plume.nombre if close else plume.petit] * len(number)
        return feuille.write([*number, *name], [*sizes, *[plume.nom] * len(name)]) or feuille.write(number, sizes)

    def _codes(self, feu: Feu) -> list[str]:
        """The most frequent first."""
        counts = self.situation.counts
        return sorted(set(feu.codes), key=lambda code: (-counts[code], code))

    def _short_name(self, feu: Feu) -> str:
        first, *others = self._codes(feu)
        nom = self.situation.places[first].nom.partition(" (")[0]
        return f"{nom} et {pluriel(len(others), 'autre', 'autres')}" if others else nom

    def _lumiere(self, feu: Feu, rayon: float) -> Lumiere:
        situation, codes = self.situation, self._codes(feu)
        names = [situation.places[code].nom for code in codes[:2]]
        if len(codes) > len(names):
            names = [names[0], pluriel(len(codes) - 1, "autre lieu", "autres lieux")]
        mots, adresse = f"{' et '.join(names)} : {situation.count(feu.compte)}", ""
        if not self.nuit and sum(situation.counts[code] for code in codes) == feu.compte:  # a link leads to all
            adresse = situation.list_of("lieu", codes)
            if not adresse and not situation.territoire.serre:
                near = self._nearer(codes)
                mots, adresse = f"{mots}. Voir de plus près : {near.nom}", situation.closer(near)
        chiffre = entier(feu.compte) if feu.compte > 1 else ""
        return Lumiere(round(feu.x), round(feu.y), rayon, chiffre, mots, adresse)

    def _nearer(self, codes: list[str]) -> Territoire:
        """A closer frame, with most of the places `codes`."""
        homes: dict[str, int] = defaultdict(int)
        for code in codes:
            homes[self.situation.places[code].departement] += 1
        most = max(homes, key=lambda home: (homes[home], home))
        every = self.situation.territoires
        if len(self.situation.territoire.regions) == 1:
            return every.departements[most]
        return every.regions[drawing()["departements"][most]["region"]]


def short_euros(amount: Decimal | int) -> str:
    """« 950 € », « 115 k€ », « 1,2 M€ », « 12 M€ »."""
    if amount < 1000:
        return f"{entier(round(amount))}{INSECABLE}€"
    if round(amount / 1000) < 1000:
        return f"{entier(round(amount / 1000))}{INSECABLE}k€"
    millions = Decimal(amount) / 1_000_000
    number = nombre(f"{millions:.1f}") if millions < 10 else entier(round(millions))
    return f"{number}{INSECABLE}M€"
