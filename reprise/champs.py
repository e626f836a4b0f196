"""Lines of one field: from the two walks of the old site back to the text.

How the old site prints a text field of several lines. First walk: its own lines, without its lists. Second walk: the
field in order; lists (`- `, nested `- - `) stand only there, its own lines stand again, except usually the first, if
the text starts with it. A text that is a list, or a single line, is therefore printed once. A list item cannot be told
by its look alone: people also type `- ` in front of their own lines, and those are printed twice.

How the text is restored.

1. *Exact*: cut the lines in two so that the second part holds the first one in order (its first line apart, perhaps)
   and nothing else but items. Lines that are not items settle where to cut but for a run of items; among the cuts that
   fit, the latest is taken, since it explains most lines as repetitions. The text is the second walk, after the first
   line if that one was left out.
2. *Nearly*: where no cut fits, the one whose parts have most lines in common, at least two, or all of the second part.
   Lines of both walks keep the order of the second; those that stand in one walk only are kept where they stood: items
   of the second walk right after the line above them (nested items belong to it), then what only the first walk has.
3. Else every line is a value. A line is never dropped unless it equals an earlier line of the same field.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

_CUTS_TRIED = 8


def is_item(line: str) -> bool:
    """Whether a line looks like a list item."""
    return line.startswith("- ") or line == "-"


def exact_cut(lines: Sequence[str]) -> tuple[int, bool] | None:
    """Where the second walk starts, and whether it prints the first line again; None if the lines are not two walks."""
    size = len(lines)
    if size <= 1:
        return size, False
    others = [index for index, line in enumerate(lines) if not is_item(line)]
    if others:
        own = (len(others) + 1) // 2
        low = others[own - 1] + 1
        high = min(others[own] if own < len(others) else size, (size + 1) // 2)
    else:
        low, high = 1, (size + 1) // 2
    for cut in range(high, low - 1, -1):
        if _holds(lines, cut, 0):
            return cut, True
        if _holds(lines, cut, 1):
            return cut, False
    return None if others or _restarts(lines) else (0, True)


def restore(lines: Sequence[str]) -> list[str]:
    """The lines that make the text, in its true order; what only repeats one of them is left out."""
    found = exact_cut(lines)
    if found:
        cut, whole = found
        return [*(lines[:1] if cut and not whole else ()), *lines[cut:]]
    return _merge(lines)


def begins(lines: Sequence[str]) -> bool:
    """Whether lines may be the beginning of what the old site prints for one text: its two walks, cut anywhere."""
    if len(set(lines)) == len(lines):
        return True
    return any(_holds(lines, cut, start, whole=False) for cut in range(1, len(lines)) for start in (0, 1))


def _holds(lines: Sequence[str], cut: int, start: int, *, whole: bool = True) -> bool:
    """Whether lines[cut:] is lines[start:cut] in order, or its beginning unless `whole`, with only items between."""
    if len(set(lines[:cut])) < cut and not whole:
        return False
    expected = start
    for index in range(cut, len(lines)):
        if expected < cut and lines[index] == lines[expected]:
            expected += 1
        elif not is_item(lines[index]):
            return False
    return expected == cut or not whole


def _restarts(lines: Sequence[str]) -> bool:
    """Whether a list starts again: its first two lines stand a second time, in a row."""
    return any(lines[index] == lines[0] and lines[index + 1] == lines[1] for index in range(2, len(lines) - 1))


def _cuts(lines: Sequence[str]) -> list[int]:
    """Places where a second walk may start: at a line that stands above, or at the items before it."""
    seen: set[str] = set()
    cuts = []
    for index, line in enumerate(lines):
        if line in seen:
            cut = index
            cuts.append(cut)
            while cut > 1 and is_item(lines[cut - 1]) and lines[cut - 1] not in lines[: cut - 1]:
                cut -= 1
            if cut != index:
                cuts.append(cut)
        seen.add(line)
        if len(cuts) >= _CUTS_TRIED:
            break
    return cuts


def _merge(lines: Sequence[str]) -> list[str]:
    best, best_size = None, 0
    for cut in _cuts(lines):
        blocks = SequenceMatcher(None, lines[:cut], lines[cut:], autojunk=False).get_matching_blocks()
        size = sum(block.size for block in blocks)
        tail = sum(not is_item(line) for line in lines[cut:])
        if size > best_size and (size >= 2 or size == tail or size == len(lines) - cut):
            best, best_size = (cut, blocks), size
    if best is None:
        return list(lines)
    cut, blocks = best
    order: list[str] = []
    first, second = 0, cut
    for start, other, size in blocks:
        only_first, only_second = lines[first:start], lines[second : cut + other]
        items = 0
        if first or second > cut:
            items = next((n for n, line in enumerate(only_second) if not is_item(line)), len(only_second))
        order += [*only_second[:items], *only_first, *only_second[items:], *lines[start : start + size]]
        first, second = start + size, cut + other + size
    return order
