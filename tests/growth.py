"""Checks that work grows in line with its input, without a bound in seconds, which a slow machine breaks."""

import time
from collections.abc import Callable
from math import inf

FREE = 0.1  # seconds of processor: cheaper work may grow as it likes
TRIES = 5  # work that grows too fast does so each time; other processes slow it down only at times


def in_line(work: Callable, made: Callable[[int], object], size: int) -> bool:
    """Whether `work` on what is `made` of that size costs less than eight times as much as on a quarter of it.

    Linear growth costs four times as much, quadratic growth sixteen.
    """
    few, many, least, most = made(size // 4), made(size), inf, inf
    for _ in range(TRIES):
        least, most = min(least, spent(work, few)), min(most, spent(work, many))
        if most < max(FREE, 8 * least):
            return True
    return False


def spent(work: Callable, what) -> float:
    """Seconds of this process alone."""
    start = time.process_time()
    work(what)
    return time.process_time() - start


def repeated(piece: str) -> Callable[[int], str]:
    """Texts of that piece alone, for `in_line`."""
    return lambda length: piece * (length // len(piece))
