"""Whether work grows in line with what it is done on: told without a bound in seconds, which a slow machine breaks."""

import time
from collections.abc import Callable
from math import inf

FREE = 0.1  # seconds of processor: what costs less may grow as it likes
TRIES = 5  # what grows too fast does so each time, what other processes slow down does not


def in_line(work: Callable, made: Callable[[int], object], size: int) -> bool:
    """Whether `work` on what is `made` of that size costs less than eight times what it does on a quarter of it.

    In line with the size would be four times; as its square, sixteen.
    """
    few, many, least, most = made(size // 4), made(size), inf, inf
    for _ in range(TRIES):
        least, most = min(least, spent(work, few)), min(most, spent(work, many))
        if most < max(FREE, 8 * least):
            return True
    return False


def spent(work: Callable, what) -> float:
    """Seconds of work of this process, which others do not lengthen."""
    start = time.process_time()
    work(what)
    return time.process_time() - start


def repeated(piece: str) -> Callable[[int], str]:
    """What `in_line` is to make: a text of that piece alone."""
    return lambda length: piece * (length // len(piece))
