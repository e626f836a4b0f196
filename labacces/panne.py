"""Temporary failures get a 503: a database away, read-only or locked; a full disk.

urls.py names it as handler500, which Django calls for views, sessions and accounts alike.
"""

import errno
import sys

from django.db import Error, InterfaceError, OperationalError
from django.shortcuts import render

RETRY_AFTER = 60  # seconds
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
# Busy, locked, read-only, input or output, full, cannot open, locking protocol. Its « error » is our query's.
SQLITE = {5, 6, 8, 10, 13, 14, 15}
# boto's errors for a silent file store, by name: boto is optional.
STORE = {"EndpointConnectionError", "ConnectionClosedError", "ConnectTimeoutError", "ReadTimeoutError"}
# Connection, resources, lock not available, stopped by the operator or a time limit, system; a read-only transaction,
# or one that another made fail.
POSTGRESQL = ("08", "53", "55", "57", "58", "25006", "40")


def failed(request):
    """handler500: 503 with Retry-After for a temporary failure, else 500. Reads nothing of the request."""
    if not is_passing(sys.exc_info()[1]):
        return render(None, "500.html", status=500)
    response = render(None, "panne.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def is_passing(error: BaseException | None) -> bool:
    """Whether the database or the disk caused the error, not our code."""
    while error is not None:
        if (isinstance(error, OSError) and error.errno in DISK) or type(error).__name__ in STORE:
            return True
        if isinstance(error, Error):
            return _is_of_the_server(error)
        error = error.__cause__ or error.__context__
    return False


def _is_of_the_server(error: Error) -> bool:
    cause = error.__cause__
    if code := getattr(cause, "sqlite_errorcode", None):
        return code & 0xFF in SQLITE
    if state := getattr(cause, "sqlstate", None):
        return state.startswith(POSTGRESQL)
    return isinstance(error, OperationalError | InterfaceError)
