"""Who uses the database: every process of the site shares a lock, which a restore must have alone.

Connections would not tell: a server at rest has none, and opens one as soon as somebody comes. The kernel takes the
lock back when a process ends, however it ends, so that nothing is left of one that was killed.
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

_held: int | None = None  # a file that is open as long as this process lives


def path() -> Path | None:
    """The file of the lock; None for a database in memory.

    It is beside an SQLite file, so that two folders of code on one database share it; in var/ for PostgreSQL.
    """
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return None if ":memory:" in name or "mode=memory" in name else Path(f"{name}.ouvert")
    return settings.BASE_DIR / "var" / f"{connection.settings_dict['NAME']}.ouvert"


def share() -> None:
    """Take a share for the life of this process, and wait for the end of a restore if there is one.

    A restore that was killed while it exchanged files is undone first, by one process that has the lock alone.
    """
    global _held
    place = path()
    if place is None:
        return
    try:
        if connection.vendor != "sqlite":
            place.parent.mkdir(mode=0o700, exist_ok=True)
        _held = os.open(place, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError:  # somebody who may not write here, for a command that needs no database
        return
    with suppress(PermissionError):  # an empty file, which all accounts that run the site must be able to open
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
    """Have the lock alone until this process ends: None; else who holds it, as far as the system tells.

    OSError if the file of the lock could not be opened.
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
    """« 1234 (gunicorn labacces.wsgi) » of the other processes that share the lock; Linux tells."""
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
