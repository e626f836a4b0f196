"""Who uses the database: every process of the site shares a lock; a restore must have it alone.

Connections would not tell: an idle server has none, and opens one at the next request. The kernel releases the lock of
a process however it ends.
"""

import fcntl
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from socle.sauvegardes import fichiers

_held: int | None = None  # a file that stays open as long as this process lives


def path() -> Path | None:
    """The file of the lock; None for a database in memory.

    It is beside an SQLite file, so that two folders of code share it; in var/ for PostgreSQL.
    """
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return None if ":memory:" in name or "mode=memory" in name else Path(f"{name}.ouvert")
    return settings.BASE_DIR / "var" / f"{connection.settings_dict['NAME']}.ouvert"


def share() -> None:
    """Takes a share for the life of this process; waits for the end of a restore.

    If one was killed while it exchanged files, a process with the lock alone undoes that first.
    """
    global _held
    place = path()
    if place is None:
        return
    try:
        if connection.vendor != "sqlite":
            place.parent.mkdir(mode=0o700, exist_ok=True)
        _held = os.open(place, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError:  # somebody without the right to write here, whose command needs no database
        return
    with suppress(PermissionError):  # the file is empty; every account that runs the site must be able to open it
        os.fchmod(_held, 0o644)
    while True:
        try:
            fcntl.flock(_held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Une restauration est en cours : la suite attend qu’elle soit finie.\n")
            fcntl.flock(_held, fcntl.LOCK_SH)
        if not fichiers.interrupted():
            return
        fcntl.flock(_held, fcntl.LOCK_UN)
        with suppress(BlockingIOError):
            fcntl.flock(_held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for aside in fichiers.interrupted():
                fichiers.undo(aside)
        time.sleep(0.1)


def take() -> list[str] | None:
    """Takes the lock alone until this process ends: returns None, or who holds it, as far as the system tells.

    OSError if its file could not be opened.
    """
    if _held is None:
        raise PermissionError(f"{path()} ne peut pas être écrit")
    try:
        fcntl.flock(_held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(_held, fcntl.LOCK_SH)
        return holders()
    return None


def holders() -> list[str]:
    """« 1234 (gunicorn labacces.wsgi) » for each other process with a share; read from Linux."""
    inode, found = str(os.fstat(_held).st_ino), []
    with suppress(OSError):
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if "FLOCK" in words and any(word.count(":") == 2 and word.endswith(f":{inode}") for word in words):
                found.append(int(words[words.index("FLOCK") + 3]))
    return [f"{pid}{_called(pid)}" for pid in sorted(set(found)) if pid not in (0, os.getpid())]


def _called(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    return f" ({' '.join(words).strip()[:80]})"
