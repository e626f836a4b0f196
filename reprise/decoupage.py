"""Finds which lines of a dump are titles, labels or values, by the cheapest reading of the whole.

A line alone says little: a value may come twice like a title, a text may hold the words of a label, a title may be a
value elsewhere. So each reading of the dump is a path, each step has a cost, and the cheapest path wins (dynamic
programming, line by line):

- a field costs nothing if its lines are what the old site prints for one text (champs.py), else `MISFIT` per line
  without its second print. This tells a label from the same words inside a text, which are printed twice;
- labels come once, in the order of their form; a form that prints all its labels may not skip one;
- a title is printed as often as its form says, and follows the sort order of titles;
- a title without a body is cheap where it sorts between its neighbours, and dear elsewhere: after A, B, B at a record's
  end, B is a title in the first case and the second line of a value in the other;
- after a title printed once comes only another title, or the end;
- a second text may follow a whole one in the same file, its registrations first;
- the text may end anywhere: after its end no label is missing, the last field may hold the beginning of its two walks,
  and a last line without its end may be the beginning of a label;
- a line that nothing claims costs most, but is always allowed: every dump has a reading, and no line is lost.

Paths dearer than the best by `BEAM` are dropped. A field with more than `UNPAIRED` lines that wait for their second
print is followed for `LOOKAHEAD` possible ends only. Time grows with the number of lines.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reprise.champs import begins, exact_cut, is_item
from reprise.fields import Formulaire
from reprise.lignes import LigneLue
from reprise.paths import Paths, PathState, PathStep, PrintedTitle
from reprise.titres import has_date, oddness, sort_key

MISFIT = 3.0
UNCLAIMED = 10.0
BEYOND_FILE = 4.0
NEW_RECORD = 1.0
DISORDER = 6.0
MISSING_LABEL = 8.0
EMPTY_FIELD = 1.0
LABEL_ALONE = 2.5
LABEL_INSIDE = 0.25
OTHER_TEXT = 20.0
CUT_FIELD = 0.7
CUT_LABEL = 0.3
BEAM = 30.0
LOOKAHEAD = 8
UNPAIRED = 12
MOST_LOOKAHEAD = 60
KEYS = 10_000  # sort keys in memory
_LONG_TITLE = 90
_LINES_ASTRAY = 2  # allowed between a title and its first label


@dataclass
class Section:
    """A label and its lines, as indexes; `label` is None for lines without a label."""

    label: int | None
    position: int
    lines: Sequence[int]


@dataclass
class Segment:
    """One record: its form (None if no label tells it), the prints of its title, its sections."""

    formulaire: Formulaire | None
    titres: list[int]
    sections: list[Section] = field(default_factory=list)


def normal(line: str) -> str:
    """The form of a line in which labels are compared: one kind of apostrophe, one kind of space."""
    return " ".join(line.replace("’", "'").split())


def places_of(formulaires: Sequence[Formulaire]) -> dict[str, list[tuple[int, int]]]:
    """{normal label: [(rank of a form that has it, position there)]}."""
    places: dict[str, list[tuple[int, int]]] = {}
    for form, formulaire in enumerate(formulaires):
        for position, label in enumerate(formulaire.sequence):
            places.setdefault(normal(label), []).append((form, position))
    return places


class Decoupage:
    """Reads `lines` with `formulaires`.

    `trailing_file`: names of files come after the last line. `ended`: the last line has its end.
    """

    def __init__(
        self,
        lines: Sequence[LigneLue],
        formulaires: Sequence[Formulaire],
        *,
        trailing_file: bool = False,
        ended: bool = True,
    ):
        self.lines, self.forms, self.size = lines, formulaires, len(lines)
        self.texts = [line.texte.strip() for line in lines]
        self.files = [line.file_before for line in lines] + [trailing_file]
        places = places_of(formulaires)
        none: list[tuple[int, int]] = []
        self.labels = [places.get(normal(text), none) for text in self.texts]
        self.cut_label = False  # whether the last line reads as the beginning of a label
        if not ended and lines and not self.labels[-1]:
            last = normal(self.texts[-1])
            self.labels[-1] = [place for label, at in places.items() if label.startswith(last) for place in at]
            self.cut_label = bool(self.labels[-1])
        self.key = lru_cache(KEYS)(lambda line: sort_key(self.texts[line]))
        self.oddness = [oddness(text) for text in self.texts]
        self.kinds = [_kinds(form) for form in formulaires]
        # For each form, the lines that hold one of its labels.
        self.words = [
            [line for line, found in enumerate(self.labels) if any(form == place[0] for place in found)]
            for form in range(len(formulaires))
        ]
        self.candidates = self._candidates()
        self.field_cost = lru_cache(maxsize=None)(self._field_cost)
        self._ends_of: dict[tuple[int, int, int], list] = {}

    def segments(self) -> list[Segment]:
        """Records, in order. Unclaimed lines before the first record are a segment without form or title."""
        self.paths = Paths(PathState(None, -1, -1))
        self.best_end: tuple[float, int, PathState, int] | None = None
        for index in range(self.size + 1):
            if index == self.paths.settle_at:
                self.paths.settle(index, self.best_end and self.best_end[1:3])
                self.field_cost.cache_clear()  # fields that start above
                self._ends_of.clear()
            steps, limit = self.paths.within(index, BEAM)
            for step in steps:
                self._follow(index, step, limit)
        return self._build()

    # Candidates

    def _candidates(self) -> list[tuple[int, ...]]:
        """For each line, the possible numbers of prints of a title that starts there."""
        candidates: list[tuple[int, ...]] = [()] * (self.size + 1)
        titled = {form for form, formulaire in enumerate(self.forms) if not formulaire.sans_titre}
        texts, labels = self.texts, [*self.labels, *([[]] * _LINES_ASTRAY)]
        for start in range(self.size - 1, -1, -1):
            for prints in (1, 2, 3):
                after = start + prints
                if after > self.size or texts[after - 1] != texts[start] or any(self.files[start + 1 : after]):
                    break
                if prints == 1:
                    alone = (
                        not is_item(texts[start])
                        and not self.labels[start]
                        and (
                            after == self.size
                            or self.files[after]
                            or (candidates[after] and self.key(start) <= self.key(after))
                        )
                    )
                    if alone:
                        candidates[start] += (prints,)
                elif (
                    after == self.size
                    or self.files[after]
                    or candidates[after]
                    or any(form in titled for near in labels[after : after + _LINES_ASTRAY + 1] for form, _ in near)
                ):
                    candidates[start] += (prints,)
        return candidates

    # Steps

    def _follow(self, index: int, step: PathStep, limit: float) -> None:
        state = step.state
        if state.form < 0:
            self._follow_head(index, step)
            return
        ends = self._ends(index, state)
        fewest = min(unpaired for _, unpaired in ends)
        for end, unpaired in ends:
            if end < self.size and unpaired > fewest and step.cost + MISFIT * unpaired > limit:
                continue  # never the best end, so every path goes on
            cost = step.cost + self.field_cost(index, end, state.form, state.position, unpaired)
            if end == self.size:
                self._finish(index, step, cost, end)
                continue
            for form, position in self.labels[end]:
                if form == state.form and position > state.position:
                    skipped = position - state.position - 1 if self.forms[form].complet else 0
                    second = state.title is None and state.position == 0  # it is a registration
                    label_cost = MISSING_LABEL * skipped - (0.8 * NEW_RECORD if second else 0)
                    label_cost += CUT_LABEL if self._is_cut_label(end) else 0
                    self._add(end + 1, cost + label_cost, PathState(state.title, form, position), index, step)
            self._open_records(end, cost + self._closing(state), index, step)

    def _follow_head(self, index: int, step: PathStep) -> None:
        """After a title or at the start: adds a label, another record, the end, or an unclaimed line."""
        state, cost = step.state, step.cost
        bare = 0.0 if state.title is None else self._bare_title(state.title)
        if index == self.size:
            self._finish(index, step, cost + bare, index)
            return
        if state.title is not None:
            for form, position in self.labels[index]:
                formulaire = self.forms[form]
                if formulaire.sans_titre:
                    continue
                start = NEW_RECORD + 4 * abs(formulaire.titres - state.title.prints) + 0.02 * position
                start += MISSING_LABEL * position if formulaire.complet else 0
                self._add(index + 1, cost + start, PathState(state.title, form, position), index, step)
        self._open_records(index, cost + bare, index, step)
        self._add(index + 1, cost + UNCLAIMED, state, index, step)

    def _open_records(self, line: int, cost: float, index: int, step: PathStep) -> None:
        above = step.state.title
        if above is None:
            for form, position in self.labels[line]:
                if self.forms[form].sans_titre and (step.state.form != form or position <= step.state.position):
                    new = NEW_RECORD if position == 0 else 3 * NEW_RECORD
                    self._add(line + 1, cost + new, PathState(None, form, position), index, step, opens=line)
        else:  # another text, or the same one again, begins below
            for form, position in self.labels[line]:
                if self.forms[form].sans_titre and position == 0 and not self._is_cut_label(line):
                    self._add(line + 1, cost + OTHER_TEXT, PathState(None, form, 0), index, step, opens=line)
        for prints in self.candidates[line]:
            late = above is not None and self.key(line) < self.key(above.start)
            opening = self.oddness[line] + (DISORDER if late else 0) + (3 if self.labels[line] else 0)
            same = above is not None and self.key(line) == self.key(above.start) and step.state.form < 0
            self._add(
                line + prints,
                cost + opening + (1 if same else 0),
                PathState(PrintedTitle(line, prints, late or same), -1, -1),
                index,
                step,
                opens=line,
            )

    def _bare_title(self, title: PrintedTitle) -> float:
        text = self.texts[title.start]
        cost = DISORDER if title.late else 0.0
        if title.prints == 1:
            return cost + (0.5 if has_date(text) else 2.0)
        if title.prints == 2:
            return cost + (-0.5 if not title.late else 0.5) + (0.6 if len(text) > _LONG_TITLE else 0)
        at_the_end = title.start + title.prints == self.size  # its body may be cut off
        return cost + (CUT_FIELD if at_the_end else 3.0)

    def _is_cut_label(self, line: int) -> bool:
        return self.cut_label and line == self.size - 1

    def _closing(self, state: PathState) -> float:
        """Cost of the labels that a record should still have."""
        if not self.forms[state.form].complet:
            return 0.0
        return MISSING_LABEL * (len(self.forms[state.form].sequence) - 1 - state.position)

    def _add(
        self, index: int, cost: float, state: PathState, origin: int, step: PathStep, opens: int | None = None
    ) -> None:
        self.paths.add(index, PathStep(cost, state, (origin, step.state), index - 1 if opens is None else opens))

    def _finish(self, index: int, step: PathStep, cost: float, end: int) -> None:
        if self.best_end is None or cost < self.best_end[0]:
            self.best_end = (cost, index, step.state, end)

    # Fields

    def _ends(self, start: int, state: PathState) -> list[tuple[int, int]]:
        """Where a field that starts at `start` may end, each with the number of lines that wait for a second print."""
        key = (start, state.form, state.position)
        if state.title is None:
            key = (start, -1 - state.form, state.position)
        if key not in self._ends_of:
            self._ends_of[key] = list(self._scan(start, state))
        return self._ends_of[key]

    def _scan(self, start: int, state: PathState) -> Iterator[tuple[int, int]]:
        waiting: set[str] = set()
        unpaired, passed, closed = 0, 0, False
        for end in range(start, self.size + 1):
            closed = closed or (end > start and self.files[end])
            if not closed:
                unpaired = len(waiting)
            if end == self.size:
                yield end, unpaired
                return
            possible = bool(self.candidates[end]) or any(
                (form == state.form and position > state.position)
                or (self.forms[form].sans_titre and (state.title is None or position == 0))
                for form, position in self.labels[end]
            )
            if possible:
                yield end, unpaired
                passed += 1
                if passed > MOST_LOOKAHEAD or (passed > LOOKAHEAD and (closed or len(waiting) > UNPAIRED)):
                    return
            text = self.texts[end]
            if text != self.texts[start] and not is_item(text):
                waiting ^= {text}

    def _field_cost(self, start: int, end: int, form: int, position: int, unpaired: int) -> float:
        kind = self.kinds[form][position]
        lines = self.texts[start:end]
        if not lines:
            spam = start < self.size and self.lines[start].spam_before
            if self.forms[form].complet or kind in ("rubrique", "fichier") or self.files[start] or spam:
                return 0.0
            return EMPTY_FIELD
        beyond = next((end - index for index in range(start + 1, end) if self.files[index]), 0)
        if beyond and kind != "fichier":  # a file closes its field: what follows has no label
            return BEYOND_FILE * beyond + self.field_cost(start, end - beyond, form, position, unpaired)
        if kind == "fichier":
            return 6.0 * len(lines)
        if kind == "liste":
            strange = sum(not is_item(line) for line in lines)
            return MISFIT * strange if len(lines) > 1 else 0.5 * strange
        words = bisect_left(self.words[form], end) - bisect_left(self.words[form], start)
        if kind == "ligne" and len(set(lines)) > 1:
            return MISFIT * (len(lines) - 1) + LABEL_ALONE * words
        cost = 1.5 if kind == "rubrique" else 0.0
        if len(lines) == 1:
            return cost + LABEL_ALONE * words
        walks = None if unpaired else exact_cut(lines)
        if walks is None and not all(map(is_item, lines)):
            if end == self.size and begins(lines):
                return cost + CUT_FIELD + MISFIT * words
            return cost + MISFIT * (max(unpaired, 1) + words) + 0.2 * len(lines)
        if walks and walks[1] and lines[walks[0] % len(lines)] == lines[0] and not is_item(lines[0]):
            cost += 0.3  # the second walk rarely repeats the first line
        return cost + LABEL_INSIDE * words

    # The way back

    def _build(self) -> list[Segment]:
        _, index, state, last = self.best_end
        path = self.paths.to((index, state))
        ends = [*(step.line for _, step in path[1:]), last]
        segments: list[Segment] = []
        for (start, step), end in zip(path, ends, strict=False):
            state, before = step.state, step.previous[1]
            if state.form < 0 and before.title == state.title:
                if not segments:
                    segments.append(Segment(None, []))
                loose = segments[-1].sections
                if not loose or loose[-1].label is not None:
                    loose.append(Section(None, -1, []))
                loose[-1].lines.append(step.line)
            elif state.form < 0:
                prints = list(range(state.title.start, state.title.start + state.title.prints))
                segments.append(Segment(None, prints))
            else:
                formulaire = self.forms[state.form]
                if state.title is None and (before.form != state.form or state.position <= before.position):
                    segments.append(Segment(formulaire, []))
                segments[-1].formulaire = formulaire
                segments[-1].sections.append(Section(step.line, state.position, range(start, end)))
        return segments


def _kinds(form: Formulaire) -> list[str]:
    """For each label of a form, what its field may hold: rubrique, fichier, liste, ligne, texte."""
    kinds = {"choix": "ligne", "courriel": "ligne", "lien": "ligne", "listes": "liste", "noms": "texte"}
    genres = [form.libelles[label].genre for label in form.sequence]
    return [kinds.get(genre, genre) for genre in genres]
