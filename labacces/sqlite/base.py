"""SQLite as Django has it, which is read all the same while its disk is full.

Whoever opens a database that has a log (WAL) first makes an index of that log, `-shm`, of 32 kB; whoever closes it last
takes it away. So on a full disk a site that starts, or that nobody read for a minute, could not show a page. The file
is then opened as one that nobody changes, for one request: pages are read, and what would write fails as it does on any
disk that is full (panne.py). Nobody writes meanwhile, since nobody can open the database otherwise; what a log still
holds would be passed over, so there must be none.
"""

import logging
import sqlite3
import time
from pathlib import Path

from django.db.backends.sqlite3 import base

# What SQLite says of an index or of a log that it cannot make: no room, or a folder that is read only.
NO_ROOM = {sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_WRITE}
NO_ROOM |= {sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
TOLD_EVERY = 60  # seconds between two lines of the log that say so

logger = logging.getLogger(__name__)
_told = -float(TOLD_EVERY)


class DatabaseWrapper(base.DatabaseWrapper):
    lecture_seule = False  # whether this connection reads and cannot write

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
    """Whether a database is all in its file: nothing in its log is still to be put there."""
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
