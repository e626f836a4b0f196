"""Files are read one by one in a process, and few requests wait for that: the other threads are left to pages.

A single thread reads: each file may take all the memory of its budget, and a thread keeps the memory that it took.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PLACES = 4  # requests that wait, of the eight threads of a process (deploy/gunicorn.conf.py)
PATIENCE = 10  # seconds that a request waits

_places, _reader = threading.BoundedSemaphore(PLACES), ThreadPoolExecutor(1, thread_name_prefix="fichiers")


class Busy(Exception):
    """Too many files wait, or this one waited too long."""


def in_turn(read: Callable, *args) -> Any:
    """`read(*args)`, when its turn comes. Raises Busy."""
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        reading = _reader.submit(read, *args)
        return reading.result(PATIENCE)
    except TimeoutError:
        reading.cancel()
        raise Busy from None
    finally:
        _places.release()
