"""How many workbooks a process may make at once: a large one takes seconds of processor time, and pages must wait."""

from collections.abc import Callable
from functools import wraps
from threading import Lock

from django.conf import settings

_lock = Lock()
_making = 0


class TropDeClasseurs(Exception):
    """Too many workbooks are being made: the visitor must try again in a moment."""


def one_of_few(write: Callable) -> Callable:
    """Lets settings.CLASSEURS_A_LA_FOIS calls of `write` run at once in a process; TropDeClasseurs for one more."""

    @wraps(write)
    def bounded(*args, **kwargs):
        global _making
        with _lock:
            if _making >= settings.CLASSEURS_A_LA_FOIS:
                raise TropDeClasseurs
            _making += 1
        try:
            return write(*args, **kwargs)
        finally:
            with _lock:
                _making -= 1

    return bounded
