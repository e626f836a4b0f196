from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from socle.courrier.refus import TropTard

# Threads of a test share a SQLite database in memory, which locks whole tables.
THREADS = pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory is not for several threads")


def together(*actions: Callable, refused: tuple[type[Exception], ...] = (TropTard,)) -> list:
    """Runs these in threads that start at once and closes their connections; returns each result or refusal."""
    ready = Barrier(len(actions))

    def run(action):
        try:
            ready.wait()
            return action()
        except refused as refus:
            return refus
        finally:
            for one in connections.all(initialized_only=True):
                one.close()
                one._close()  # Django keeps one to a database in memory: the test has another

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
