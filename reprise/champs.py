"""Turns the lines of one field back into its text.

The old site prints a text of several lines in two walks. The first prints its own lines, without lists. The second
prints the whole field in order: lists (`- `, nested `- - `), and its own lines again, usually except a first line that
starts the text. So a list alone, or a single line, is printed once. A line that looks like an item may not be one:
people also type `- ` themselves, and then it is printed twice.

`restore` tries in this order:

1. *Exact*: cut the lines so that the second part holds the first one in order (perhaps without its first line), with
   only items between. The latest such cut is taken: it explains most lines as repetitions. The text is the second walk,
   after the first line if the second walk lacks it.
2. *Nearly*: take the cut whose parts share most lines: at least two, or the whole second part. Shared lines keep the
   order of the second walk. Lines of one walk stay where they were: items of the second walk right after the line above
   them, then lines of the first walk only.
3. Else keep every line. A line is dropped only if it equals an earlier line of the field.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

_CUTS_TRIED = 8


def is_item(line: str) -> bool:
    return line.startswith("- ") or line == "-"


def exact_cut(lines: Sequence[str]) -> tuple[int, bool] | None:
    """Returns where the second walk starts, and whether it repeats the first line; None if there are no two walks."""
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
    """The lines of the text, in order and without repetitions."""
    found = exact_cut(lines)
    if found:
        cut, whole = found
        return [*(lines[:1] if cut and not whole else ()), *lines[cut:]]
    return _merge(lines)


def begins(lines: Sequence[str]) -> bool:
    """Whether the lines may start what the old site prints for one text: two walks, cut anywhere."""
    if len(set(lines)) == len(lines):
        return True
    return any(_holds(lines, cut, start, whole=False) for cut in range(1, len(lines)) for start in (0, 1))


def _holds(lines: Sequence[str], cut: int, start: int, *, whole: bool = True) -> bool:
    """Whether lines[cut:] holds lines[start:cut] in order, with only items between; without `whole`, a start of it is
    enough.
    """
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
    """Whether a list starts again: its first two lines come a second time, in a row."""
    return any(lines[index] == lines[0] and lines[index + 1] == lines[1] for index in range(2, len(lines) - 1))


def _cuts(lines: Sequence[str]) -> list[int]:
    """Where a second walk may start: at a repeated line, or at the items before it."""
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
