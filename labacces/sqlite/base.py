"""Django's SQLite back-end, which still reads when the disk is full.

Opening a WAL database makes an index file `-shm` of 32 kB, which the last connection deletes. So on a full disk, a site
that starts, or that nobody read for a minute, could show no page. The file is then opened as immutable, for one
request: pages are read, writes fail as on any full disk (panne.py). It is safe, since nobody can write meanwhile. It
needs an empty log, which an immutable database ignores.
"""

import logging
import sqlite3
import time
from pathlib import Path

from django.db.backends.sqlite3 import base

# It cannot create the index or the log: no space, or a read-only folder.
NO_ROOM = {sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_WRITE}
NO_ROOM |= {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
TOLD_EVERY = 60  # seconds between two log lines about it

logger = logging.getLogger(__name__)
_told = -float(TOLD_EVERY)


class DatabaseWrapper(base.DatabaseWrapper):
    lecture_seule = False  # the connection can only read

    def get_new_connection(self, conn_params):
        self.lecture_seule = False
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            path = Path(conn_params["database"])
            if error.sqlite_errorcode not in NO_ROOM or not _is_whole(path):
                raise
            unchanging = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            self.init_commands, self.transaction_mode = [], None  # both would write
            try:
                connection = super().get_new_connection(conn_params | {"database": unchanging})
            except sqlite3.Error:
                raise error from None
            _tell(path.parent)
        self.lecture_seule, self.close_at = True, time.monotonic()  # at the end of this request
        return connection


def _is_whole(path: Path) -> bool:
    """Whether all data are in the main file: its log is empty."""
    log = Path(f"{path}-wal")
    return path.is_file() and not (log.exists() and log.stat().st_size)


def _tell(folder: Path) -> None:
    global _told
    if time.monotonic() - _told >= TOLD_EVERY:
        _told = time.monotonic()
        logger.error(
            "Le disque de la base n’a plus de place, ou n’accepte plus d’écriture : le site se lit, et rien ne "
            "s’enregistre. Libérez de la place dans %s ; rien n’est à relancer.",
            folder,
        )
