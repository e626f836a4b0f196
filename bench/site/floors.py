"""What must hold, and the table that says whether it does."""

from dataclasses import dataclass

ANSWERS = 0.0  # ours answers, whatever the other side does
# {scenario: {records: their time ÷ ours at least}}; between two sizes, the smaller one counts.
FLOORS = {
    "liste": {2_000: 5, 20_000: 15, 100_000: 40, 1_000_000: ANSWERS},
    "departement": {2_000: 1, 20_000: 1, 100_000: 5, 1_000_000: 25},
    "filtres": {2_000: 1, 20_000: 1, 100_000: 5, 1_000_000: 25},
    "mot-courant": {2_000: 3, 20_000: 8, 100_000: 6, 1_000_000: 15},
    "mot-moyen": {2_000: ANSWERS},
    "mot-rare": {2_000: 1, 20_000: 1, 100_000: 2, 1_000_000: 15},
    "fiche": {2_000: 0.7, 20_000: 0.7, 100_000: 1, 1_000_000: 1},
    "inchangee": {2_000: 5},
    "csv": {2_000: 1.5, 20_000: 2, 100_000: 2.5},
}


def floor_of(cle: str, sheets: int) -> float:
    sizes = FLOORS[cle]
    return sizes[max((size for size in sizes if size <= sheets), default=min(sizes))]


@dataclass
class Measure:
    """One scenario at one size. Times are medians in ms, None for no answer; for a CSV, ms for 1 000 rows."""

    cle: str
    nom: str
    theirs: float | None
    ours: float | None
    plain: float | None = None
    theirs_best: float | None = None
    ours_best: float | None = None
    theirs_processor: float | None = None
    ours_processor: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Their time ÷ ours: 0 if ours does not answer, infinite if only ours does."""
        if self.ours is None:
            return 0.0
        return float("inf") if self.theirs is None else self.theirs / self.ours

    def is_held(self, sheets: int) -> bool:
        return self.ours is not None and self.ratio >= floor_of(self.cle, sheets)


def broken(measures: list[Measure], sheets: int) -> list[str]:
    """A line for each floor that gave way."""
    return [
        f"{sheets} sheets, {one.cle}: {ratio(one)}, and at least {floor(one.cle, sheets)} was promised"
        for one in measures
        if not one.is_held(sheets)
    ]


def ms(value: float | None, best: float | None = None) -> str:
    if value is None:
        return "none"
    if best is not None:
        return f"{ms(value)} ({ms(best)})"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def ratio(one: Measure) -> str:
    if one.ratio == float("inf"):
        return "only ours answers"
    return f"{one.ratio:.2g}" if one.ratio < 10 else f"{one.ratio:.0f}"


def of_processor(one: Measure) -> str:
    return f"{one.theirs_processor / one.ours_processor:.2g}" if one.theirs_processor and one.ours_processor else ""


def floor(cle: str, sheets: int) -> str:
    least = floor_of(cle, sheets)
    return f"{least:g}" if least else "answers"


def table(measures: list[Measure], sheets: int) -> str:
    lines = ["| Scenario | Datasette | The site | Plain SQL | Ratio | Of processor | Floor | |", f"|{'---|' * 8}"]
    for one in measures:
        cells = [one.nom, ms(one.theirs, one.theirs_best), ms(one.ours, one.ours_best)]
        cells.append("" if one.plain is None else ms(one.plain))
        cells += [ratio(one), of_processor(one), floor(one.cle, sheets)]
        cells.append("held" if one.is_held(sheets) else "**not held**")
        lines.append(f"| {' | '.join(cells)} |")
    notes = [f"- {one.nom}: {one.note}" for one in measures if one.note]
    return "\n".join([*lines, "", *notes]).rstrip()
