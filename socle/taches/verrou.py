"""A task runs once at a time, on whatever machine: the lock of a task, which the system takes back from a dead process.

On PostgreSQL an advisory lock, of a connection of its own: a task may close that of the site. With SQLite a lock on a
file beside the database, as `socle.sauvegardes` has its own.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(cle: str) -> Iterator[bool]:
    """Hold the lock of a task, if nobody does: whether we do."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        with _advisory(cle) as held:
            yield held
    elif ":memory:" in name or "mode=memory" in name:  # no other process has it
        yield True
    else:
        with _file(f"{name}.tache-{cle}") as held:
            yield held


@contextmanager
def _advisory(cle: str) -> Iterator[bool]:
    number = int.from_bytes(hashlib.sha256(f"taches {cle}".encode()).digest()[:8], signed=True)
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {key: value for key, value in own.settings_dict["OPTIONS"].items() if key != "pool"}
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            (held,) = cursor.fetchone()
        yield held
        if held:  # closing alone gives it back a moment later, and who comes at once finds it held
            with own.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    finally:
        own.close()


@contextmanager
def _file(path: str) -> Iterator[bool]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
