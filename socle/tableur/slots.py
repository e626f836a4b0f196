"""How many workbooks a process makes at once: a large one takes seconds of processor, while pages wait."""

from collections.abc import Callable
from functools import wraps
from threading import Lock

from django.conf import settings

_lock = Lock()
_making = 0


class TropDeClasseurs(Exception):
    """Too many workbooks are being made; try again in a moment."""


def one_of_few(write: Callable) -> Callable:
    """At most settings.CLASSEURS_A_LA_FOIS calls run at once in a process; TropDeClasseurs for one more."""

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
