"""Files are read one after the other in a process, and few requests wait for it: pages have the other threads.

One thread reads, since each file may take all the memory that its budget grants, and a thread keeps what it took.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PLACES = 4  # requests that wait, of the eight threads of a process (deploy/gunicorn.conf.py)
PATIENCE = 10  # seconds that one waits

_places, _reader = threading.BoundedSemaphore(PLACES), ThreadPoolExecutor(1, thread_name_prefix="fichiers")


class Busy(Exception):
    """Too many files wait to be read, or one waited too long."""


def in_turn(read: Callable, *args) -> Any:
    """`read(*args)`, once those before it are done; Busy."""
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
