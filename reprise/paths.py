"""Finds the cheapest path to each place in the lines of a dump.

All remaining paths share their first part. `settle` keeps only that part, so that memory grows with one reading.
"""

from collections import defaultdict
from operator import itemgetter
from typing import NamedTuple

SETTLE = 500  # least number of lines between two calls of `settle`


class PrintedTitle(NamedTuple):
    start: int
    prints: int
    late: bool  # sorts before the title above it


class PathState(NamedTuple):
    """The state of a path: `title` is None among registrations; `form` is -1 until a label tells it."""

    title: PrintedTitle | None
    form: int
    position: int


Place = tuple[int, PathState]  # the line before which a path stands, and its state


class PathStep(NamedTuple):
    cost: float
    state: PathState
    previous: Place | None
    line: int  # label or first line read


class Paths:
    def __init__(self, start: PathState):
        self.table: dict[int, dict[PathState, PathStep]] = defaultdict(dict)
        self.table[0][start] = PathStep(0.0, start, None, 0)
        self.ahead = {0: 0.0}  # {line to come: least cost of the paths that stand before it}
        self.settled: Place = (0, start)
        self.steps: list[tuple[int, PathStep]] = []  # the steps that lead to `settled`
        self.settle_at = SETTLE

    def add(self, index: int, step: PathStep) -> None:
        """Adds a path that stands before line `index`, unless a cheaper one stands there in the same state."""
        found = self.table[index].get(step.state)
        if found is None or step.cost < found.cost:
            self.table[index][step.state] = step
            if step.cost < self.ahead.get(index, float("inf")):
                self.ahead[index] = step.cost

    def within(self, index: int, beam: float) -> tuple[list[PathStep], float]:
        """Returns the paths before a line that are worth following, and the highest cost that is."""
        if index not in self.table:
            return [], 0.0
        steps = list(self.table[index].values())
        self.ahead.pop(index, None)
        limit = min([step.cost for step in steps] + list(self.ahead.values())) + beam
        return [step for step in steps if step.cost <= limit], limit

    def settle(self, index: int, end: Place | None) -> None:
        """Keeps what is common to the path that has ended and to those that reach line `index` or later."""
        places = {(line, state) for line, steps in self.table.items() if line >= index for state in steps}
        if end:
            places.add(end)
        while len(places) > 1:
            last = max(places, key=itemgetter(0))
            places.remove(last)
            places.add(self._step(last).previous)
        common = places.pop()
        kept = self._step(common)
        self.steps += self._since_settled(common)
        self.settled = common
        self.table = defaultdict(dict, {line: steps for line, steps in self.table.items() if line > common[0]})
        self.table[common[0]][common[1]] = kept
        self.settle_at = index + max(SETTLE, index - common[0])  # later if much is not settled yet

    def to(self, place: Place) -> list[tuple[int, PathStep]]:
        """The steps to a place, in order, each with the line that it leads to."""
        return [*self.steps, *self._since_settled(place)]

    def _step(self, place: Place) -> PathStep:
        return self.table[place[0]][place[1]]

    def _since_settled(self, place: Place) -> list[tuple[int, PathStep]]:
        steps = []
        while place != self.settled:
            steps.append((place[0], step := self._step(place)))
            place = step.previous
        return steps[::-1]
