"""Charts drawn on the server: bars beside their numbers, and amounts along an axis.

`components/barres.html` and `components/distribution.html` print them.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from socle.catalogue.mesures import Chiffres
from socle.francais.wording import entier, euros, pluriel

POINTS = 100  # amounts with a point each; more are counted in classes
CLASSES = 9  # between the marks of the axis, one more at most
COLONNES = 4  # of points in a class
LARGEUR, MARGE, BAS, HAUT = (
    1000,
    20,
    150,
    26,
)  # of the drawing: its width, its margins, the foot and top of what is drawn
PAS = 18  # from a point to the next


@dataclass(frozen=True)
class Barre:
    """A row of a chart: words, the number that the bar shows, a second number.

    `longueur`: of the bar, in hundredths; 0 for several values counted together, which have no bar.
    """

    texte: str
    nombre: str
    montant: str
    longueur: float


@dataclass(frozen=True)
class Barres:
    """A chart of bars. `avec_montant`: whether rows have a second number."""

    titre: str
    aide: str
    lignes: list[Barre]
    avec_montant: bool = False


def lengths(numbers: list) -> list[float]:
    """Lengths of bars; that of the largest is 100."""
    largest = max(numbers, default=0) or 1
    return [round(float(number * 100 / largest), 1) for number in numbers]


@dataclass(frozen=True)
class Classe:
    """Amounts between two marks of the axis. `x`, `largeur`, `y`, `hauteur`: of its bar."""

    texte: str
    compte: int
    x: float
    largeur: float
    y: float
    hauteur: float

    @property
    def milieu(self) -> float:
        return round(self.x + self.largeur / 2, 1)

    @property
    def barre(self) -> float:
        """Width of its bar, with a gap to the next."""
        return round(self.largeur - 2, 1)

    @property
    def sommet(self) -> float:
        """y of its number, above the bar."""
        return round(self.y - 5, 1)


@dataclass(frozen=True)
class Distribution:
    """Amounts along an axis, as points or as numbers in equal classes. It starts at 0, or near the smallest amount.

    `points`: their centres, [] for classes. `graduations`: (x, words, CSS class; `large` is for wide drawings only).
    `mediane`: its x. `dit_mediane`: "" for few amounts.
    """

    classes: list[Classe]
    points: list[tuple[float, float]]
    epaisseur: float
    graduations: list[tuple[float, str, str]]
    mediane: float
    dit: str
    aide: str
    dit_mediane: str

    @property
    def trait(self) -> str:
        """All points as one path: lines of no length with round ends."""
        return "".join(f"M{x:g} {y:g}h0" for x, y in self.points)

    @property
    def axe(self) -> str:
        """The axis, with a mark above each number."""
        ends = [x for x, _, _ in self.graduations]
        return f"M{ends[0]:g} 162H{ends[-1]:g}" + "".join(f"M{x:g} 162v5" for x in ends)

    @property
    def comptees(self) -> list[Classe]:
        return [one for one in self.classes if one.compte]

    @property
    def is_loin(self) -> bool:
        """Whether the words of the median stand before its mark, which is in the second half of the axis."""
        return self.mediane > LARGEUR * 0.5


def distribution(chiffres: Chiffres) -> Distribution | None:
    """The spread of the amounts of some records; None for less than two."""
    if chiffres.montants < 2:
        return None
    (least, _), (most, _) = chiffres.extremes
    is_far = 2 * least > most > least
    width = step((most - least if is_far else most) / CLASSES)
    first = int(least / width) if is_far else 0
    marks = [width * rank for rank in range(first, int(most / width) + 2)]
    unit = Decimal(LARGEUR - 2 * MARGE) / (marks[-1] - marks[0])

    def place(amount: Decimal) -> float:
        return round(float(MARGE + (amount - marks[0]) * unit), 1)

    few = chiffres.montants <= POINTS
    numbers = [chiffres.at(position) for position in range(chiffres.montants)] if few else []
    below = [sum(number < mark for number in numbers) if few else chiffres.count_below(mark) for mark in marks]
    counts = [high - low for low, high in pairwise(below)]
    highest = max(counts)
    classes = [
        Classe(
            f"{entier(int(low))} à {entier(int(high))} €",
            count,
            place(low),
            round(place(high) - place(low), 1),
            round(BAS - (BAS - HAUT) * count / highest, 1),
            round((BAS - HAUT) * count / highest, 1),
        )
        for (low, high), count in zip(pairwise(marks), counts, strict=True)
    ]
    points, pas = _points(numbers, width / COLONNES, place)
    said = f"{pluriel(chiffres.montants, 'montant', 'montants')}, de {euros(least)} à {euros(most)}."
    kind = f"Un point par fiche, rangé par tranche de {euros(width / COLONNES)}." if few else "Classes de même largeur."
    half = f"la moitié sous {euros(chiffres.mediane)}" if chiffres.se_partagent else ""
    last = len(marks) - 1
    kinds = [
        "f" if rank == last else "c" if not rank % 4 and rank < last - 2 else "c large" for rank in range(last + 1)
    ]
    shown = [(place(mark), entier(int(mark)), kind) for mark, kind in zip(marks, kinds, strict=True)]
    return Distribution(classes, points, round(pas * 0.84, 1), shown, place(chiffres.mediane), said, kind, half)


def _points(numbers: list[Decimal], width: Decimal, place) -> tuple[list[tuple[float, float]], float]:
    """The centres of points, stacked in columns of `width`, and their distance."""
    columns: dict[int, int] = {}
    stacked = []
    for number in numbers:
        column = int(number / width)
        columns[column] = columns.get(column, 0) + 1
        stacked.append((column, columns[column] - 1))
    pas = min(PAS, (BAS - HAUT) / max(columns.values(), default=1))
    return [(place((column + Decimal("0.5")) * width), round(BAS - rank * pas, 1)) for column, rank in stacked], pas


def step(wanted: Decimal) -> Decimal:
    """The least round number of euros, 1, 2 or 5 and zeros, that is at least `wanted`."""
    power = Decimal(1)
    while True:
        for digit in (1, 2, 5):
            if digit * power >= wanted:
                return digit * power
        power *= 10
